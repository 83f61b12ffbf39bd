import { readFile } from 'node:fs/promises';
import { Fault } from '../../domain/fault.ts';
import { MachineAnswer } from './answers.ts';

/** What ACK tells a pod about its role (RRSA). */
export function clusterRole(environment: NodeJS.ProcessEnv = process.env) {
  return {
    role: environment['ALIBABA_CLOUD_ROLE_ARN'],
    providerArn: environment['ALIBABA_CLOUD_OIDC_PROVIDER_ARN'],
    tokenFile: environment['ALIBABA_CLOUD_OIDC_TOKEN_FILE'],
  };
}

/** The SDK's chain would ask STS for this role itself, past any proxy. */
export function isClusterRoleNext(environment: NodeJS.ProcessEnv = process.env): boolean {
  const hasKeys = Boolean(environment['ALIBABA_CLOUD_ACCESS_KEY_ID'] && environment['ALIBABA_CLOUD_ACCESS_KEY_SECRET']);
  return !hasKeys && Object.values(clusterRole(environment)).every(Boolean);
}

/** Read at each use: Kubernetes writes a new token every hour. */
export async function readTokenFile(path: string, subject: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    throw new Fault('denied', `${subject}: the OIDC token file ${path} cannot be read`, { cause });
  }
}

const ROLES = '/latest/meta-data/ram/security-credentials/';
const TOKEN_SECONDS = '21600';

/** The role of the ECS instance that this runs on. A machine that wants no token gets none, as in the SDK. */
export async function machineKeys(
  { role, metadata }: { readonly role: string | undefined; readonly metadata: string },
  signal: AbortSignal,
): Promise<MachineAnswer | undefined> {
  const base = metadata.replace(/\/$/, '');
  const lifetime = { 'x-aliyun-ecs-metadata-token-ttl-seconds': TOKEN_SECONDS };
  const token = await ask(`${base}/latest/api/token`, { method: 'PUT', headers: lifetime, signal });
  const headers = token === undefined ? {} : { 'x-aliyun-ecs-metadata-token': token.trim() };
  const name = role ?? (await ask(base + ROLES, { headers, signal }))?.trim();
  if (name === undefined || name === '') return undefined;
  const told = await ask(`${base}${ROLES}${encodeURIComponent(name)}`, { headers, signal });
  return told === undefined ? undefined : MachineAnswer.safeParse(parsed(told)).data;
}

/** What is answered holds a secret: neither it nor an error that may quote it goes any further. */
async function ask(url: string, options: RequestInit): Promise<string | undefined> {
  try {
    const answer = await fetch(url, { ...options, redirect: 'error' });
    if (answer.ok) return await answer.text();
    await answer.body?.cancel();
  } catch {
    options.signal?.throwIfAborted();
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
