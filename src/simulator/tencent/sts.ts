import { createHash, randomBytes } from 'node:crypto';
import { Fault } from '../../domain/fault.ts';
import type { Instant } from '../../domain/instant.ts';
import { type Allow, isTrusted, readPolicy } from '../allow.ts';
import type { TencentAccount, TencentRole } from './model.ts';
import { isAllowed, type TencentGate, type TencentPrincipal, type TencentSession } from './principals.ts';
import { notAuthorized, TencentError } from './tencent-error.ts';
import { newSecretId } from './world.ts';

const ROLE_ARN = /^qcs::cam::uin\/(\d+):roleName\/([\w+=,.@-]+)$/;

type Request = Readonly<Record<string, unknown>>;

/** The account that a role's ARN names. */
export function accountOfRole(request: Request): string | undefined {
  return ROLE_ARN.exec(textOf(request['RoleArn']))?.[1];
}

export function getCallerIdentity({ type, account, userId, arn }: TencentPrincipal): object {
  return { Type: type, AccountId: account.id, UserId: userId, PrincipalId: userId, Arn: arn };
}

export function assumeRole(gate: TencentGate, principal: TencentPrincipal, request: Request): object {
  const { account, role } = roleOf(gate, request);
  const action = 'sts:AssumeRole';
  const asking = { action, names: namesOf(principal), externalId: textOf(request['ExternalId']) };
  if (!isTrusted(role, asking)) throw notAuthorized(action);
  if (!isAllowed(principal, action, textOf(request['RoleArn']))) throw notAuthorized(action);
  return answerOf(openSession(gate, account, role, request));
}

/** A session is trusted by its own name, by that of its role, and by its account's. */
function namesOf({ arn, account }: TencentPrincipal): readonly string[] {
  const role = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  const own = role === undefined ? [] : [`qcs::cam::uin/${account.id}:roleName/${role}`];
  return [arn, `qcs::cam::uin/${account.id}:root`, ...own];
}

/** Unsigned: the token of the identity provider speaks for itself. */
export function assumeRoleWithWebIdentity(gate: TencentGate, request: Request): object {
  const { account, role } = roleOf(gate, request);
  const { webIdentity } = role;
  if (webIdentity === undefined || webIdentity.providerId !== request['ProviderId'])
    throw notAuthorized('sts:AssumeRole');
  if (webIdentity.token !== request['WebIdentityToken'])
    throw new TencentError('InvalidParameter.WebIdentityTokenError', 'The token is invalid.');
  return answerOf(openSession(gate, account, role, request));
}

function roleOf({ world }: TencentGate, request: Request): { account: TencentAccount; role: TencentRole } {
  const [, id = '', name = ''] = ROLE_ARN.exec(textOf(request['RoleArn'])) ?? [];
  const account = world.accounts.get(id);
  const role = account?.roles.get(name);
  if (account === undefined || role === undefined)
    throw new TencentError('ResourceNotFound.RoleNotFound', 'The role does not exist.');
  return { account, role };
}

function textOf(given: unknown): string {
  return typeof given === 'string' ? given : '';
}

function openSession(gate: TencentGate, account: TencentAccount, role: TencentRole, request: Request): TencentSession {
  const seconds = Number(request['DurationSeconds'] ?? 7_200);
  const name = textOf(request['RoleSessionName']);
  if (!/^[\w+=,.@-]{2,128}$/.test(name) || !Number.isInteger(seconds) || seconds < 1 || seconds > 43_200)
    throw new TencentError('InvalidParameter.ParamError', 'RoleSessionName or DurationSeconds is invalid.');
  const token = randomBytes(96).toString('base64');
  const session: TencentSession = {
    secretId: newSecretId(gate.random),
    secretKey: createHash('sha256').update(token).digest('hex').slice(0, 32),
    token,
    expiresAt: gate.wallNow() + seconds * 1_000,
    principal: {
      arn: `qcs::sts:${account.id}:assumed-role/${role.name}/${name}`,
      account,
      type: 'CAMRole',
      userId: `${role.name}:${name}`,
      user: undefined,
      allow: () => role.allow,
      policy: policyOf(request),
    },
  };
  gate.sessions.set(session.secretId, session);
  if (gate.sessions.size % 1_000 === 0) forgetOld(gate.sessions, gate.wallNow());
  return session;
}

/** Comes URL-encoded, and can only take away. */
function policyOf({ Policy }: Request): Allow {
  if (Policy === undefined) return '*';
  try {
    return readPolicy(JSON.parse(decodeURIComponent(textOf(Policy))));
  } catch (problem) {
    if (!(problem instanceof SyntaxError) && !(problem instanceof URIError) && !(problem instanceof Fault))
      throw problem;
    throw new TencentError('InvalidParameter.ParamError', 'Policy is invalid.');
  }
}

function forgetOld(sessions: Map<string, TencentSession>, now: Instant): void {
  for (const [id, session] of sessions) if (session.expiresAt < now) sessions.delete(id);
}

function answerOf({ secretId, secretKey, token, expiresAt }: TencentSession): object {
  const seconds = Math.floor(expiresAt / 1_000);
  return {
    Credentials: { Token: token, TmpSecretId: secretId, TmpSecretKey: secretKey },
    ExpiredTime: seconds,
    Expiration: new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z'),
  };
}
