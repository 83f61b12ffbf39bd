import { readFile } from 'node:fs/promises';
import { Fault } from '../../domain/fault.ts';
import type { Agents } from '../../kit/agents.ts';
import type { KeySet } from './remembered.ts';
import type { Settings } from './settings.ts';

/** How the SDK's own providers reach AWS on the way to credentials. */
export interface ProviderWire {
  readonly region: string;
  readonly endpoint: Settings['endpoint'];
  readonly timeoutMs: number;
  readonly agents: Agents;
}

/** Files are read anew each time: keys that were rotated in them are found. */
export async function chainKeys(wire: ProviderWire): Promise<KeySet> {
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  // Its type does not know ignoreCache, but it hands it on.
  const init = { ...clients(wire, wire.endpoint?.sts), ignoreCache: true };
  return fromNodeProviderChain(init)();
}

export async function profileKeys(profile: string, wire: ProviderWire): Promise<KeySet> {
  const { fromIni } = await import('@aws-sdk/credential-providers');
  return fromIni({ profile, ...clients(wire, wire.endpoint?.sts), ignoreCache: true })();
}

/** What `aws sso login` left, turned into credentials by the portal. */
export async function ssoKeys(profile: string, wire: ProviderWire): Promise<KeySet> {
  const { fromSSO } = await import('@aws-sdk/credential-providers');
  return fromSSO({ profile, ...clients(wire, wire.endpoint?.sso), ignoreCache: true })();
}

/** The agent of EKS on this machine; its token file is read each time. */
export async function podKeys(given: {
  readonly endpoint: string | undefined;
  readonly tokenFile: string | undefined;
}): Promise<KeySet> {
  const { fromHttp } = await import('@aws-sdk/credential-providers');
  const { endpoint, tokenFile } = given;
  return fromHttp({
    ...(endpoint === undefined ? {} : { awsContainerCredentialsFullUri: endpoint }),
    ...(tokenFile === undefined ? {} : { awsContainerAuthorizationTokenFile: tokenFile }),
    timeout: 2_000,
    maxRetries: 1,
  })();
}

/** The region only where nothing else names one: a portal has a region of its own, which this one would replace. */
function clients({ region, timeoutMs, agents }: ProviderWire, endpoint: string | undefined) {
  const requestHandler = handlerOptions(timeoutMs, agents);
  return {
    clientConfig: { requestHandler, ...(endpoint === undefined ? {} : { endpoint }) },
    parentClientConfig: { region, requestHandler, ...(endpoint === undefined ? {} : { endpoint }) },
  };
}

/** As the SDK wants it. */
export function handlerOptions(timeoutMs: number, { http, https }: Agents) {
  return {
    connectionTimeout: Math.min(5_000, timeoutMs / 2),
    requestTimeout: timeoutMs / 2,
    throwOnRequestTimeout: true,
    httpAgent: http,
    httpsAgent: https,
  };
}

/** What EKS tells a pod about its role (IRSA). */
export function clusterRole(environment: NodeJS.ProcessEnv = process.env) {
  return { role: environment['AWS_ROLE_ARN'], tokenFile: environment['AWS_WEB_IDENTITY_TOKEN_FILE'] };
}

/** Read at each use: the cluster puts a new token there before the old one ends. */
export async function readTokenFile(path: string, subject: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    throw new Fault('denied', `${subject}: the token file ${path} cannot be read`, { cause });
  }
}
