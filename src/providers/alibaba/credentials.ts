import type * as StsSdk from '@alicloud/sts20150401';
import type { Clock } from '../../domain/clock.ts';
import { Fault } from '../../domain/fault.ts';
import { type Instant, parseInstant } from '../../domain/instant.ts';
import { withDeadline } from '../../kit/deadline.ts';
import { type Remembered, remembered } from '../../kit/remembered.ts';
import { asShared, sharedWay } from '../../kit/shared-way.ts';
import { unwrapped } from '../../kit/unwrapped.ts';
import { RoleAnswer, UriAnswer } from './answers.ts';
import type { Auth } from './auth.ts';
import { readAnswer } from './call.ts';
import { clusterRole, isClusterRoleNext, machineKeys, readTokenFile } from './environment.ts';
import { type Asked, faultOf, meansStaleCredentials, subjectOf } from './faults.ts';
import { hubSessionPolicy, sessionPolicy } from './permissions.ts';

const REFRESH_BEFORE_MS = 5 * 60_000;
/** What does not say when it expires is looked up again: places are written anew when keys are rotated. */
const LOOKED_UP_MS = 5 * 60_000;

/** References cost next to nothing to read. */
const ASKED_EACH_TIME: Instant = 0;

interface KeySet {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
  readonly until: Instant;
}

/** One account's credentials, looked up once and shared by all its clients. */
export type Credentials = Remembered<KeySet>;

export interface CredentialParts {
  readonly accountId: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly stsSdk: typeof StsSdk;
  /** Who it is in messages, when it is not the account itself. */
  readonly subject?: string;
  /** The organisation whose way in it shares. */
  readonly hub?: string | undefined;
  /** Who takes another role with these, or lists members: not who reads an account. */
  readonly isHub?: true;
  /** An STS client that signs with these; `undefined` signs nothing. */
  sts(credentials: Credentials | undefined): StsSdk.default;
}

/** Where an account's credentials come from, remembered at each step of a chain of roles. */
export function credentialsOf(auth: Auth, parts: CredentialParts): Credentials {
  const isFresh = ({ until }: KeySet) => until > parts.clock.now();
  return remembered(lookUpOf(auth, parts), isFresh);
}

const hubs = new WeakMap<Auth, Credentials>();

/** One way in for all members of an organisation: the same object of its settings, looked up once. */
export function hubCredentials(auth: Auth, name: string, parts: CredentialParts): Credentials {
  const { hub: _, ...own } = parts;
  const subject = `organization ${name}`;
  return sharedWay(hubs, auth, () => credentialsOf(auth, { ...own, subject, isHub: true }));
}

function lookUpOf(auth: Auth, parts: CredentialParts): (isRefused: boolean) => Promise<KeySet> {
  switch (auth.kind) {
    case 'access_key':
      return (isRefused) => staticKeys(auth, isRefused);
    case 'assume_role': {
      const { hub } = parts;
      const base =
        hub === undefined ? credentialsOf(auth.base, { ...parts, isHub: true }) : hubCredentials(auth.base, hub, parts);
      return () => assumeRole(auth, base, parts);
    }
    case 'oidc':
      return () => assumeRoleWithOidc(auth, parts);
    case 'credentials_uri':
      return () => fromUri(auth.uri, parts);
    case 'ecs_ram_role':
      return () => machineRole(auth, parts);
    case 'chain':
      return () => (isClusterRoleNext() ? assumeRoleWithOidc(CLUSTER, parts) : fromSdk(parts));
  }
}

/** Each from its reference as it is now: keys that were rotated are used at the next call. */
async function staticKeys(auth: Extract<Auth, { kind: 'access_key' }>, isRefused: boolean): Promise<KeySet> {
  const securityToken = await auth.securityToken?.current(isRefused);
  return {
    accessKeyId: await auth.accessKeyId.current(isRefused),
    accessKeySecret: await auth.accessKeySecret.current(isRefused),
    ...(securityToken === undefined ? {} : { securityToken }),
    until: ASKED_EACH_TIME,
  };
}

async function assumeRole(role: Extract<Auth, { kind: 'assume_role' }>, base: Credentials, parts: CredentialParts) {
  const { accessKeyId: baseKeyId } = await base.get();
  const request = new parts.stsSdk.AssumeRoleRequest({
    roleArn: roleArn(role.role, parts.accountId),
    roleSessionName: role.sessionName,
    durationSeconds: Math.floor(role.durationMs / 1_000),
    policy: policyOf(parts),
    ...(role.externalId === undefined ? {} : { externalId: role.externalId }),
  });
  const send = () => parts.sts(base).assumeRole(request);
  return session('sts:AssumeRole', parts, send, (error, asked) => {
    if (!meansStaleCredentials(error)) return faultOf(error, asked);
    base.forget(({ accessKeyId }) => accessKeyId === baseKeyId);
    const { hub } = parts;
    // It is the hub's key that was refused, whoever came with it.
    return hub === undefined
      ? faultOf(error, asked)
      : asShared(faultOf(error, { ...asked, subject: `organization ${hub}` }));
  });
}

/** A session may do what a report needs and nothing else; one on the way to another role, or a hub's, takes roles and lists members. */
function policyOf({ isHub }: CredentialParts): string {
  return isHub === true ? hubSessionPolicy() : sessionPolicy();
}

const CLUSTER: Extract<Auth, { kind: 'oidc' }> = {
  kind: 'oidc',
  role: undefined,
  providerArn: undefined,
  tokenFile: undefined,
  sessionName: 'muster',
  durationMs: 60 * 60_000,
};

async function assumeRoleWithOidc(auth: Extract<Auth, { kind: 'oidc' }>, parts: CredentialParts): Promise<KeySet> {
  const cluster = clusterRole();
  const { role = cluster.role, providerArn = cluster.providerArn, tokenFile = cluster.tokenFile } = auth;
  if (role === undefined || providerArn === undefined || tokenFile === undefined) {
    const wanted =
      'give role, provider_arn and token_file, or run where ACK sets ALIBABA_CLOUD_ROLE_ARN and its sisters';
    throw new Fault('denied', `${subjectOf(parts)}: auth.oidc is not whole; ${wanted}`);
  }
  const request = new parts.stsSdk.AssumeRoleWithOIDCRequest({
    OIDCProviderArn: providerArn,
    OIDCToken: await readTokenFile(tokenFile, subjectOf(parts)),
    roleArn: roleArn(role, parts.accountId),
    roleSessionName: auth.sessionName,
    durationSeconds: Math.floor(auth.durationMs / 1_000),
    policy: policyOf(parts),
  });
  return session('sts:AssumeRoleWithOIDC', parts, () => parts.sts(undefined).assumeRoleWithOIDC(request));
}

async function machineRole(auth: Extract<Auth, { kind: 'ecs_ram_role' }>, parts: CredentialParts): Promise<KeySet> {
  const ms = Math.min(parts.timeoutMs, 5_000);
  const alone = new AbortController().signal;
  const keys = await withDeadline(alone, ms, (signal) => machineKeys(auth, signal)).catch(() => undefined);
  if (keys === undefined) {
    const what = 'has no credentials; has it a RAM role, and is its metadata service in reach?';
    throw new Fault('denied', `${subjectOf(parts)}: the ECS instance ${what}`);
  }
  const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret, SecurityToken: securityToken } = keys;
  return { accessKeyId, accessKeySecret, securityToken, until: refreshAt(keys.Expiration, parts) };
}

/** Several callers may wait for this one answer, so none of their signals ends it; its own deadline does. */
async function session(
  action: string,
  parts: CredentialParts,
  send: () => Promise<{ readonly body?: unknown }>,
  judge: (error: unknown, asked: Asked) => Fault = faultOf,
): Promise<KeySet> {
  const { accountId, subject } = parts;
  const asked: Asked = { action, accountId, principal: undefined, ...(subject === undefined ? {} : { subject }) };
  const alone = new AbortController().signal;
  const sent = await withDeadline(alone, parts.timeoutMs, send).catch((error: unknown) => {
    throw judge(error, asked);
  });
  const { expiration, ...keys } = readAnswer({ answer: RoleAnswer }, sent, asked).credentials;
  return { ...keys, until: refreshAt(expiration, parts) };
}

async function fromUri(uri: string, parts: CredentialParts): Promise<KeySet> {
  const where = `${subjectOf(parts)}: the credentials URI`;
  const signal = AbortSignal.timeout(Math.min(parts.timeoutMs, 10_000));
  // The body holds a secret: neither it nor an error that may quote it goes any further.
  const answer = await fetch(uri, { signal, redirect: 'error' }).catch(() => undefined);
  if (answer === undefined) throw new Fault('unreachable', `${where} got no answer`);
  if (!answer.ok) {
    await answer.body?.cancel();
    throw new Fault(
      answer.status >= 500 ? 'unreachable' : 'denied',
      `${where} was answered with status ${answer.status}`,
    );
  }
  const keys = UriAnswer.safeParse(await answer.json().catch(() => undefined));
  if (!keys.success) throw new Fault('denied', `${where} was answered without credentials`);
  const { AccessKeyId, AccessKeySecret, SecurityToken, Expiration } = keys.data;
  return {
    accessKeyId: AccessKeyId,
    accessKeySecret: AccessKeySecret,
    ...(SecurityToken === undefined ? {} : { securityToken: SecurityToken }),
    until: refreshAt(Expiration, parts),
  };
}

/**
 * A new object for each look-up: the SDK's chain remembers a provider that failed for ever. Its errors are not handed on, because some
 * quote the whole of a file that holds secrets.
 */
async function fromSdk(parts: CredentialParts): Promise<KeySet> {
  const sdk = await import('@alicloud/credentials');
  const alone = new AbortController().signal;
  const look = async () => new (unwrapped(sdk))().getCredential();
  const found = await withDeadline(alone, parts.timeoutMs, look).catch(() => undefined);
  const { accessKeyId, accessKeySecret, securityToken } = found ?? {};
  if (accessKeyId === undefined || accessKeySecret === undefined) {
    const advice = 'check auth and the place it names';
    throw new Fault('denied', `${subjectOf(parts)}: the SDK's credential chain has no credentials; ${advice}`);
  }
  const until = parts.clock.now() + LOOKED_UP_MS;
  return { accessKeyId, accessKeySecret, ...(securityToken ? { securityToken } : {}), until };
}

/** Shortly before it expires, and at least a little later than now: a session that is too short is not asked for at every call. */
function refreshAt(expiration: string | undefined, { clock }: CredentialParts): Instant {
  const now = clock.now();
  const expiresAt = expiration === undefined ? undefined : parseInstant(expiration);
  if (expiresAt === undefined) return now + LOOKED_UP_MS;
  return Math.max(expiresAt - REFRESH_BEFORE_MS, now + (expiresAt - now) / 2);
}

/** A role may be named alone: then it is the account's own. */
function roleArn(role: string, accountId: string): string {
  return role.includes(':') ? role : `acs:ram::${accountId}:role/${role}`;
}
