import type { Clock } from '../../domain/clock.ts';
import { Fault } from '../../domain/fault.ts';
import type { Instant } from '../../domain/instant.ts';
import { withDeadline } from '../../kit/deadline.ts';
import { type Remembered, remembered } from '../../kit/remembered.ts';
import { MachineRoleAnswer, RoleAnswer } from './answers.ts';
import type { Auth } from './auth.ts';
import { readAnswer } from './call.ts';
import { clusterRole, environmentKeys, readTokenFile } from './environment.ts';
import { faultOf, meansStaleCredentials } from './faults.ts';
import type { Settings } from './settings.ts';

const REFRESH_BEFORE_MS = 5 * 60_000;
const SESSION_SECONDS = 7_200;

export interface KeySet {
  readonly secretId: string;
  readonly secretKey: string;
  readonly token: string | undefined;
  readonly expiresAt: Instant | undefined;
}

/** One account's credentials, looked up once and shared by all its calls. */
export type Credentials = Remembered<KeySet>;

export interface CredentialParts {
  readonly accountId: string;
  readonly settings: Settings;
  readonly clock: Clock;
  /** One call to STS, unsigned where there are no keys. */
  sts(action: string, request: object, keys: KeySet | undefined, region: string, signal: AbortSignal): Promise<unknown>;
}

/** The SDK's own providers keep a failure for ever, so none of them is used; ours are remembered at each step of a chain of roles. */
export function credentialsOf(auth: Auth, parts: CredentialParts): Credentials {
  return remembered(lookUpOf(auth, parts), (keys) => isFresh(keys, parts.clock));
}

function isFresh({ expiresAt }: KeySet, clock: Clock): boolean {
  return expiresAt === undefined || expiresAt - clock.now() > REFRESH_BEFORE_MS;
}

function lookUpOf(auth: Auth, parts: CredentialParts): () => Promise<KeySet> {
  switch (auth.kind) {
    case 'environment':
      return async () => fromEnvironment(parts);
    case 'secret':
      return async () => ({
        secretId: auth.secretId,
        secretKey: auth.secretKey.reveal(),
        token: auth.token?.reveal(),
        expiresAt: undefined,
      });
    case 'assume_role': {
      const base = credentialsOf(auth.base, parts);
      return () => assumeRole(auth, base, parts);
    }
    case 'cvm_role':
      return () => machineRole(auth, parts);
    case 'oidc':
      return () => webIdentity(auth, parts);
  }
}

function fromEnvironment({ accountId }: CredentialParts): KeySet {
  const keys = environmentKeys();
  if (keys !== undefined) return { ...keys, expiresAt: undefined };
  const wanted = 'set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or name another way in auth';
  throw new Fault('denied', `account ${accountId}: found no credentials in the environment; ${wanted}`);
}

async function assumeRole(auth: Extract<Auth, { kind: 'assume_role' }>, base: Credentials, parts: CredentialParts) {
  const keys = await base.get();
  const request = {
    RoleArn: roleArn(auth.role, parts.accountId),
    RoleSessionName: auth.sessionName,
    DurationSeconds: SESSION_SECONDS,
    ...(auth.externalId === undefined ? {} : { ExternalId: auth.externalId }),
  };
  const forget = () => base.forget(({ secretId }) => secretId === keys.secretId);
  return issued('AssumeRole', request, keys, parts.settings.region, parts, forget);
}

async function webIdentity(auth: Extract<Auth, { kind: 'oidc' }>, parts: CredentialParts): Promise<KeySet> {
  const cluster = clusterRole();
  const { role = cluster.role, providerId = cluster.providerId, tokenFile = cluster.tokenFile } = auth;
  if (role === undefined || providerId === undefined || tokenFile === undefined) {
    const wanted = 'give role, provider_id and token_file, or run where TKE sets TKE_ROLE_ARN and its sisters';
    throw new Fault('denied', `account ${parts.accountId}: auth.oidc is not whole; ${wanted}`);
  }
  const request = {
    RoleArn: role,
    ProviderId: providerId,
    WebIdentityToken: await readTokenFile(tokenFile, parts.accountId),
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
  onStale?: () => void,
): Promise<KeySet> {
  const asked = { action: `sts:${action}`, accountId: parts.accountId, principal: undefined };
  try {
    const alone = new AbortController().signal;
    const sent = await withDeadline(alone, parts.settings.timeoutMs, (signal) =>
      parts.sts(action, request, keys, region, signal),
    );
    const { Credentials: made, ExpiredTime } = readAnswer(RoleAnswer, sent, asked);
    const { TmpSecretId: secretId, TmpSecretKey: secretKey, Token: token } = made;
    return { secretId, secretKey, token, expiresAt: ExpiredTime * 1_000 };
  } catch (error) {
    if (meansStaleCredentials(error)) onStale?.();
    throw faultOf(error, asked);
  }
}

async function machineRole(auth: Extract<Auth, { kind: 'cvm_role' }>, parts: CredentialParts): Promise<KeySet> {
  const asked = { action: "the machine's role", accountId: parts.accountId, principal: undefined };
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
    throw new Fault('denied', `account ${parts.accountId}: ${asked.action} ${what}`, { cause: error });
  }
}

async function metadata(url: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(url, { signal, redirect: 'error' });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.text();
}

function roleArn(role: string, accountId: string): string {
  return role.startsWith('qcs::') ? role : `qcs::cam::uin/${accountId}:roleName/${role}`;
}
