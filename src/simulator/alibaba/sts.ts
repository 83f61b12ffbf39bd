import { formatSecond } from '../../kit/whole-second.ts';
import { type Allow, isTrusted, readPolicy } from '../allow.ts';
import type { Answer } from './actions.ts';
import { AlibabaError, noPermission, notExist } from './alibaba-error.ts';
import type { Role } from './model.ts';
import { type Gate, isAllowed, openSession, type Principal } from './principals.ts';

const ROLE_ARN = /^acs:ram::(\d{5,20}):role\/([\w.-]+)$/;

export function accountOfRole(arn: string | null): string | undefined {
  return ROLE_ARN.exec(arn ?? '')?.[1];
}

export function getCallerIdentity(principal: Principal): Answer {
  const { accountId, arn, principalId, role, identity } = principal;
  const type = role === undefined ? (identity?.kind === 'root' ? 'Account' : 'RAMUser') : 'AssumedRoleUser';
  return {
    AccountId: accountId,
    Arn: arn,
    IdentityType: type,
    PrincipalId: principalId,
    ...(role === undefined ? { UserId: principalId } : { RoleId: role.id }),
  };
}

export function assumeRole(gate: Gate, principal: Principal, query: URLSearchParams): Answer {
  const { accountId, role } = roleOf(gate, query);
  const action = 'sts:AssumeRole';
  const asking = { action, names: namesOf(principal), externalId: query.get('ExternalId') ?? undefined };
  // The root may not call it at all.
  if (principal.identity?.kind === 'root' || !isTrusted(role, asking)) throw noPermission(action);
  if (!isAllowed(principal, action, query.get('RoleArn') ?? '')) throw noPermission(action);
  return opened(gate, accountId, role, query);
}

/** A session is trusted by its own name, by that of its role, and by its account's. */
function namesOf({ arn, accountId, role }: Principal): readonly string[] {
  const own = role === undefined ? [] : [`acs:ram::${accountId}:role/${role.name}`];
  return [arn, `acs:ram::${accountId}:root`, ...own];
}

/** Nobody signs this one: the token says who calls. */
export function assumeRoleWithOidc(gate: Gate, query: URLSearchParams): Answer {
  const { accountId, role } = roleOf(gate, query);
  const provider = query.get('OIDCProviderArn') ?? '';
  const asking = { action: 'sts:AssumeRole', names: [provider], externalId: role.externalId };
  if (!isTrusted(role, asking)) throw noPermission('sts:AssumeRoleWithOIDC');
  if (gate.oidcTokens.get(provider) !== query.get('OIDCToken'))
    throw new AlibabaError(400, 'AuthenticationFail.OIDCToken.Invalid', 'The OIDC token is invalid.');
  return opened(gate, accountId, role, query);
}

function roleOf({ world }: Gate, query: URLSearchParams): { readonly accountId: string; readonly role: Role } {
  const [, accountId = '', name = ''] = ROLE_ARN.exec(query.get('RoleArn') ?? '') ?? [];
  const role = world.accounts.get(accountId)?.roles.get(name);
  if (role === undefined) throw notExist('Role');
  return { accountId, role };
}

function opened(gate: Gate, accountId: string, role: Role, query: URLSearchParams): Answer {
  const sessionName = query.get('RoleSessionName') ?? '';
  if (!/^[\w.@-]{2,64}$/.test(sessionName))
    throw new AlibabaError(400, 'InvalidParameter.RoleSessionName', 'The RoleSessionName is invalid.');
  const seconds = Number(query.get('DurationSeconds') ?? 3_600);
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > role.maxSessionSeconds)
    throw new AlibabaError(400, 'InvalidParameter.DurationSeconds', 'The DurationSeconds is out of its range.');
  const made: Principal = {
    arn: `acs:ram::${accountId}:assumed-role/${role.name}/${sessionName}`,
    accountId,
    principalId: `${role.id}:${sessionName}`,
    role,
    identity: undefined,
    allow: () => role.allow,
    policy: policyOf(query.get('Policy')),
  };
  const session = openSession(gate, made, seconds);
  return {
    AssumedRoleUser: { Arn: made.arn, AssumedRoleId: made.principalId },
    Credentials: {
      AccessKeyId: session.accessKeyId,
      AccessKeySecret: session.accessKeySecret,
      SecurityToken: session.token,
      Expiration: formatSecond(session.expiresAt),
    },
  };
}

function policyOf(text: string | null): Allow {
  if (text === null) return '*';
  try {
    return readPolicy(JSON.parse(text));
  } catch {
    throw new AlibabaError(400, 'InvalidParameter.PolicyGrammar', 'The parameter Policy has not passed grammar check.');
  }
}
