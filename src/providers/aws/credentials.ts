import type * as StsSdk from '@aws-sdk/client-sts';
import type { Clock } from '../../domain/clock.ts';
import { Fault } from '../../domain/fault.ts';
import { withDeadline } from '../../kit/deadline.ts';
import { RoleAnswer } from './answers.ts';
import { readAnswer } from './call.ts';
import { type Asked, faultOf, meansStaleCredentials } from './faults.ts';
import { roleArn } from './partition.ts';
import { hubSessionPolicy, sessionPolicy } from './permissions.ts';
import { type Credentials, type KeySet, remembered } from './remembered.ts';
import type { Auth, Settings } from './settings.ts';

export interface CredentialParts {
  readonly accountId: string;
  readonly settings: Settings;
  readonly stsSdk: typeof StsSdk;
  /** With the endpoint in it: the SDK's own role provider would not inherit that. */
  readonly stsConfig: StsSdk.STSClientConfig;
  readonly clock: Clock;
  /** Who it is in messages, when it is not the account itself. */
  readonly subject?: string;
  /** Who takes another role with these, or lists members: not who reads an account. */
  readonly isHub?: true;
}

/** Where an account's credentials come from, remembered at each step of a chain of roles. */
export function credentialsOf(auth: Auth, parts: CredentialParts): Credentials {
  return remembered(lookUpOf(auth, parts), parts.clock);
}

/** As the SDK wants it. It would remember credentials that AWS has since refused; ours are remembered in one place only. */
export function unremembered(credentials: Credentials): NonNullable<StsSdk.STSClientConfig['credentials']> {
  return Object.assign(() => credentials.get(), { memoized: true });
}

const hubs = new WeakMap<Auth, Credentials>();

/** One way in for all members of an organisation: the same object of its settings, looked up once. */
export function hubCredentials(auth: Auth, name: string, parts: CredentialParts): Credentials {
  const known = hubs.get(auth) ?? asShared(auth, name, parts);
  hubs.set(auth, known);
  return known;
}

function asShared(auth: Auth, name: string, parts: CredentialParts): Credentials {
  const { hub: _, ...settings } = parts.settings;
  const own = credentialsOf(auth, { ...parts, settings, subject: `organization ${name}`, isHub: true });
  const get = () =>
    own.get().catch((fault: unknown) => {
      throw shared(fault);
    });
  return { get, forget: (accessKeyId) => own.forget(accessKeyId) };
}

/** It is the hub that failed, whoever asked. */
function shared(fault: unknown): unknown {
  if (!(fault instanceof Fault) || fault.isShared) return fault;
  const { kind, message, cause, retryAfterMs } = fault;
  return new Fault(kind, message, { cause, isShared: true, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}

function lookUpOf(auth: Auth, parts: CredentialParts): () => Promise<KeySet> {
  switch (auth.kind) {
    case 'chain':
      return () => chain(parts);
    case 'profile':
      return () => profile(auth.profile, parts);
    case 'access_key':
      return async () => ({
        accessKeyId: auth.accessKeyId,
        secretAccessKey: auth.secretAccessKey.reveal(),
        ...(auth.sessionToken === undefined ? {} : { sessionToken: auth.sessionToken.reveal() }),
      });
    case 'assume_role': {
      const { hub } = parts.settings;
      const base =
        hub === undefined ? credentialsOf(auth.base, { ...parts, isHub: true }) : hubCredentials(auth.base, hub, parts);
      return () => assumeRole(auth, base, parts);
    }
  }
}

async function chain(parts: CredentialParts): Promise<KeySet> {
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  // Its type does not know ignoreCache, but it hands it on: keys that were rotated in a file are read anew.
  const init = { clientConfig: forProviders(parts), ignoreCache: true };
  return orFault(fromNodeProviderChain(init)(), { ...nobody(parts), action: "the SDK's credential chain" });
}

async function profile(name: string, parts: CredentialParts): Promise<KeySet> {
  const { fromIni } = await import('@aws-sdk/credential-providers');
  const keys = fromIni({ profile: name, clientConfig: forProviders(parts), ignoreCache: true })();
  return orFault(keys, { ...nobody(parts), action: `the profile ${JSON.stringify(name)}` });
}

async function assumeRole(role: Extract<Auth, { kind: 'assume_role' }>, base: Credentials, parts: CredentialParts) {
  const { accountId, settings, stsSdk } = parts;
  const asked = { ...nobody(parts), action: 'sts:AssumeRole' };
  const { accessKeyId: baseKeyId } = await base.get();
  const client = new stsSdk.STSClient({ ...parts.stsConfig, credentials: unremembered(base) });
  const command = new stsSdk.AssumeRoleCommand({
    RoleArn: roleArn(role.role, accountId, settings.region),
    RoleSessionName: role.sessionName,
    DurationSeconds: Math.floor(role.durationMs / 1_000),
    Policy: parts.isHub === true ? hubSessionPolicy() : sessionPolicy(),
    ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
  });
  // Several callers may wait for this one answer, so none of their signals ends it; its own deadline does.
  const alone = new AbortController().signal;
  const send = withDeadline(alone, settings.timeoutMs, (abortSignal) => client.send(command, { abortSignal }));
  let isBaseRefused = false;
  const sent = await orFault(send, asked, (error) => {
    isBaseRefused = meansStaleCredentials(error);
    if (isBaseRefused) base.forget(baseKeyId);
  })
    .catch((fault: unknown) => {
      const { hub } = settings;
      if (!isBaseRefused || hub === undefined || !(fault instanceof Fault)) throw fault;
      throw shared(faultOf(fault.cause, { ...asked, subject: `organization ${hub}` }));
    })
    .finally(() => client.destroy());
  const { Credentials: issued } = readAnswer({ answer: RoleAnswer }, sent, asked);
  return {
    accessKeyId: issued.AccessKeyId,
    secretAccessKey: issued.SecretAccessKey,
    sessionToken: issued.SessionToken,
    expiration: issued.Expiration,
  };
}

function nobody({ accountId, subject }: CredentialParts): Omit<Asked, 'action'> {
  return { accountId, principal: undefined, ...(subject === undefined ? {} : { subject }) };
}

function forProviders({ settings: { region, endpoint } }: CredentialParts) {
  return endpoint === undefined ? { region } : { region, endpoint: endpoint.sts };
}

async function orFault<T>(work: Promise<T>, asked: Asked, seen?: (error: unknown) => void): Promise<T> {
  try {
    return await work;
  } catch (error) {
    seen?.(error);
    throw faultOf(error, asked);
  }
}
