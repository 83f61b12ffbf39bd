import type { Clock } from '../../domain/clock.ts';
import { Fault } from '../../domain/fault.ts';
import type { Instant } from '../../domain/instant.ts';
import { withDeadline } from '../../kit/deadline.ts';
import { type Remembered, remembered } from '../../kit/remembered.ts';
import { asShared, sharedWay } from '../../kit/shared-way.ts';
import { MachineRoleAnswer, RoleAnswer } from './answers.ts';
import type { Auth } from './auth.ts';
import { readAnswer } from './call.ts';
import { clusterRole, environmentKeys, readTokenFile } from './environment.ts';
import { type Asked, faultOf, meansStaleCredentials, subjectOf } from './faults.ts';
import { hubSessionPolicy, sessionPolicy } from './permissions.ts';
import type { Settings } from './settings.ts';

const REFRESH_BEFORE_MS = 5 * 60_000;
const SESSION_SECONDS = 7_200;
/** References and the environment cost next to nothing to read. */
const ASKED_EACH_TIME: Instant = 0;

export interface KeySet {
  readonly secretId: string;
  readonly secretKey: string;
  readonly token: string | undefined;
  readonly expiresAt: Instant;
}

/** One account's credentials, looked up once and shared by all its calls. */
export type Credentials = Remembered<KeySet>;

export interface CredentialParts {
  readonly accountId: string;
  readonly settings: Pick<Settings, 'region' | 'timeoutMs' | 'hub'>;
  /** Who it is in messages, when it is not the account itself. */
  readonly subject?: string;
  readonly clock: Clock;
  /** Who takes another role with these, or lists members: not who reads an account. */
  readonly isHub?: true;
  /** What a session may do, however much its role may; left out: what a credential report needs. */
  readonly policy?: string;
  /** One call to STS, unsigned where there are no keys. */
  sts(action: string, request: object, keys: KeySet | undefined, region: string, signal: AbortSignal): Promise<unknown>;
}

/** The SDK's own providers keep a failure for ever, so none of them is used; ours are remembered at each step of a chain of roles. */
export function credentialsOf(auth: Auth, parts: CredentialParts): Credentials {
  return remembered(lookUpOf(auth, parts), (keys) => isFresh(keys, parts.clock));
}

const hubs = new WeakMap<Auth, Credentials>();

/** One way in for all members of an organisation: the same object of its settings, looked up once. */
export function hubCredentials(auth: Auth, name: string, parts: CredentialParts): Credentials {
  const { hub: _, ...settings } = parts.settings;
  const own: CredentialParts = { ...parts, settings, subject: `organization ${name}`, isHub: true };
  return sharedWay(hubs, auth, () => credentialsOf(auth, own));
}

function isFresh({ expiresAt }: KeySet, clock: Clock): boolean {
  return expiresAt - clock.now() > REFRESH_BEFORE_MS;
}

function lookUpOf(auth: Auth, parts: CredentialParts): (isRefused: boolean) => Promise<KeySet> {
  switch (auth.kind) {
    case 'environment':
      return async () => fromEnvironment(parts);
    case 'secret':
      return (isRefused) => staticKeys(auth, isRefused);
    case 'assume_role': {
      const { hub } = parts.settings;
      const base =
        hub === undefined ? credentialsOf(auth.base, { ...parts, isHub: true }) : hubCredentials(auth.base, hub, parts);
      return () => assumeRole(auth, base, parts);
    }
    case 'cvm_role':
      return () => machineRole(auth, parts);
    case 'oidc':
      return () => webIdentity(auth, parts);
  }
}

/** Each from its reference as it is now: keys that were rotated are used at the next call. */
async function staticKeys(auth: Extract<Auth, { kind: 'secret' }>, isRefused: boolean): Promise<KeySet> {
  return {
    secretId: await auth.secretId.current(isRefused),
    secretKey: await auth.secretKey.current(isRefused),
    token: await auth.token?.current(isRefused),
    expiresAt: ASKED_EACH_TIME,
  };
}

function fromEnvironment(parts: CredentialParts): KeySet {
  const keys = environmentKeys();
  if (keys !== undefined) return { ...keys, expiresAt: ASKED_EACH_TIME };
  const wanted = 'set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or name another way in auth';
  throw new Fault('denied', `${subjectOf(parts)}: found no credentials in the environment; ${wanted}`);
}

async function assumeRole(auth: Extract<Auth, { kind: 'assume_role' }>, base: Credentials, parts: CredentialParts) {
  const keys = await base.get();
  const request = {
    RoleArn: roleArn(auth.role, parts.accountId),
    RoleSessionName: auth.sessionName,
    DurationSeconds: SESSION_SECONDS,
    Policy: parts.isHub === true ? hubSessionPolicy() : (parts.policy ?? sessionPolicy()),
    ...(auth.externalId === undefined ? {} : { ExternalId: auth.externalId }),
  };
  return issued('AssumeRole', request, keys, parts.settings.region, parts, (error, asked) => {
    if (!meansStaleCredentials(error)) return faultOf(error, asked);
    base.forget(({ secretId }) => secretId === keys.secretId);
    const { hub } = parts.settings;
    // It is the hub's key that was refused, whoever came with it.
    return hub === undefined
      ? faultOf(error, asked)
      : asShared(faultOf(error, { ...asked, subject: `organization ${hub}` }));
  });
}

async function webIdentity(auth: Extract<Auth, { kind: 'oidc' }>, parts: CredentialParts): Promise<KeySet> {
  const cluster = clusterRole();
  const { role = cluster.role, providerId = cluster.providerId, tokenFile = cluster.tokenFile } = auth;
  if (role === undefined || providerId === undefined || tokenFile === undefined) {
    const wanted = 'give role, provider_id and token_file, or run where TKE sets TKE_ROLE_ARN and its sisters';
    throw new Fault('denied', `${subjectOf(parts)}: auth.oidc is not whole; ${wanted}`);
  }
  const request = {
    RoleArn: role,
    ProviderId: providerId,
    WebIdentityToken: await readTokenFile(tokenFile, subjectOf(parts)),
    RoleSessionName: auth.sessionName,
    DurationSeconds: SESSION_SECONDS,
  };
  const region = cluster.region ?? parts.settings.region;
  return issued('AssumeRoleWithWebIdentity', request, undefined, region, parts);
}

/** Several callers may wait for this one answer, so none of their signals ends it; its own deadline does. */
async function issued(
  action: string,
  request: object,
  keys: KeySet | undefined,
  region: string,
  parts: CredentialParts,
  judge: (error: unknown, asked: Asked) => Fault = faultOf,
): Promise<KeySet> {
  const asked = nobody(`sts:${action}`, parts);
  try {
    const alone = new AbortController().signal;
    const sent = await withDeadline(alone, parts.settings.timeoutMs, (signal) =>
      parts.sts(action, request, keys, region, signal),
    );
    const { Credentials: made, ExpiredTime } = readAnswer(RoleAnswer, sent, asked);
    const { TmpSecretId: secretId, TmpSecretKey: secretKey, Token: token } = made;
    return { secretId, secretKey, token, expiresAt: ExpiredTime * 1_000 };
  } catch (error) {
    throw judge(error, asked);
  }
}

async function machineRole(auth: Extract<Auth, { kind: 'cvm_role' }>, parts: CredentialParts): Promise<KeySet> {
  const asked = nobody("the machine's role", parts);
  const base = `${auth.metadata.replace(/\/$/, '')}/latest/meta-data/cam/security-credentials/`;
  const alone = new AbortController().signal;
  try {
    const text = await withDeadline(alone, Math.min(parts.settings.timeoutMs, 5_000), async (signal) => {
      const role = auth.role ?? (await metadata(base, signal)).trim();
      return metadata(base + encodeURIComponent(role), signal);
    });
    const made = readAnswer(MachineRoleAnswer, JSON.parse(text), asked);
    const { TmpSecretId: secretId, TmpSecretKey: secretKey, Token: token } = made;
    return { secretId, secretKey, token, expiresAt: made.ExpiredTime * 1_000 };
  } catch (error) {
    if (error instanceof Fault) throw error;
    const what = 'found no credentials; does this machine have a role, and is the metadata service in reach?';
    throw new Fault('denied', `${subjectOf(parts)}: ${asked.action} ${what}`, { cause: error });
  }
}

function nobody(action: string, { accountId, subject }: CredentialParts): Asked {
  return { action, accountId, principal: undefined, ...(subject === undefined ? {} : { subject }) };
}

async function metadata(url: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(url, { signal, redirect: 'error' });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.text();
}

function roleArn(role: string, accountId: string): string {
  return role.startsWith('qcs::') ? role : `qcs::cam::uin/${accountId}:roleName/${role}`;
}
