import { formatSecond } from '../../kit/whole-second.ts';
import type { Answer } from './actions.ts';
import { AlibabaError, noPermission, notExist } from './alibaba-error.ts';
import type { Allow, Role } from './model.ts';
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
  const isTrusted = role.trusts.includes(principal.arn) || role.trusts.includes(`acs:ram::${principal.accountId}:root`);
  // The root may not call it at all.
  if (principal.identity?.kind === 'root' || !isTrusted || !isAllowed(principal, 'sts:AssumeRole'))
    throw noPermission('sts:AssumeRole');
  if (role.externalId !== undefined && role.externalId !== query.get('ExternalId'))
    throw noPermission('sts:AssumeRole');
  return opened(gate, accountId, role, query);
}

/** Nobody signs this one: the token says who calls. */
export function assumeRoleWithOidc(gate: Gate, query: URLSearchParams): Answer {
  const { accountId, role } = roleOf(gate, query);
  const provider = query.get('OIDCProviderArn') ?? '';
  if (!role.trusts.includes(provider)) throw noPermission('sts:AssumeRoleWithOIDC');
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

/** Allow statements only, on everything. */
function policyOf(text: string | null): Allow {
  if (text === null) return '*';
  try {
    const { Statement } = JSON.parse(text) as { readonly Statement: readonly { readonly Action: readonly string[] }[] };
    return Statement.flatMap(({ Action }) => Action);
  } catch {
    throw new AlibabaError(400, 'InvalidParameter.PolicyGrammar', 'The parameter Policy has not passed grammar check.');
  }
}
