import type { Account } from '../../../domain/account.ts';
import { Fault } from '../../../domain/fault.ts';
import { problemOf } from '../../../kit/problem-of.ts';
import type { Probed } from '../../provider.ts';
import { ACCESS_KIND } from '../access-audit/kind.ts';
import type { AuditApis } from '../audit-api.ts';
import { isRefusal } from '../faults.ts';
import { KEY_KIND } from '../key-audit/kind.ts';
import { ACCESS_AUDIT, KEY_AUDIT } from '../permissions.ts';
import { neededBy } from './needed.ts';

type Permission =
  | (typeof ACCESS_AUDIT)['required' | 'optional'][number]
  | (typeof KEY_AUDIT)['required' | 'optional'][number];

const KINDS = [
  { kind: ACCESS_KIND, ...ACCESS_AUDIT },
  { kind: KEY_KIND, ...KEY_AUDIT },
] as const;

/** Who does not exist proves a permission just as well: the cloud refuses before it looks. */
const NOBODY = 'muster-doctor';
const NO_KEY = 'LTAI0000000000000000';
const NO_POLICY = { type: 'Custom', name: NOBODY };

/** Tries what the account's audits need, each permission once. */
export async function probeAudits(
  { reports }: Account,
  apis: AuditApis,
  now: number,
  signal: AbortSignal,
): Promise<readonly Probed[]> {
  const wanted = KINDS.filter(({ kind }) => kind in reports);
  const needed = new Set<Permission>(wanted.flatMap(({ kind, required }) => neededBy(kind, required, reports[kind])));
  const optional = wanted.flatMap(({ kind, optional: more }) => neededBy<Permission>(kind, more, reports[kind]));
  const all = new Set<Permission>([...needed, ...optional]);
  const probed: Probed[] = [];
  for (const permission of all) {
    const problem = await problemOf(needed.has(permission), () => tried(permission, apis, now, signal));
    probed.push({ permission, needed: needed.has(permission), problem });
  }
  return probed;
}

/** A key that nobody has may be refused: that says nothing against the permission. */
async function tried(permission: Permission, apis: AuditApis, now: number, signal: AbortSignal): Promise<unknown> {
  try {
    return await attempt(permission, apis, now, signal);
  } catch (fault) {
    if (fault instanceof Fault && fault.kind === 'misconfigured' && isRefusal(fault)) return undefined;
    throw fault;
  }
}

async function attempt(permission: Permission, { ram, trail }: AuditApis, now: number, signal: AbortSignal) {
  const nothing = { keyId: NO_KEY, service: 'Ecs', token: undefined };
  switch (permission) {
    case 'ram:ListUsers':
      return ram.users(undefined, signal);
    case 'ram:ListRoles':
      return ram.roles(undefined, signal);
    case 'ram:ListAccessKeys':
      return ram.accessKeys(NOBODY, signal);
    case 'ram:GetAccessKeyLastUsed':
      return ram.lastUsed(NOBODY, NO_KEY, signal);
    case 'ram:ListGroupsForUser':
      return ram.groupsOf(NOBODY, signal);
    case 'ram:ListPoliciesForUser':
      return ram.policiesOf('user', NOBODY, signal);
    case 'ram:ListPoliciesForGroup':
      return ram.policiesOf('group', NOBODY, signal);
    case 'ram:ListPoliciesForRole':
      return ram.policiesOf('role', NOBODY, signal);
    case 'ram:GetPolicy':
      return ram.policy({ ...NO_POLICY, version: undefined }, signal);
    case 'ram:GetPolicyVersion':
      return ram.policy({ ...NO_POLICY, version: 'v1' }, signal);
    case 'actiontrail:GetAccessKeyLastUsedInfo':
      return trail.info(NO_KEY, signal);
    case 'actiontrail:GetAccessKeyLastUsedProducts':
      return trail.products(NO_KEY, signal);
    case 'actiontrail:GetAccessKeyLastUsedEvents':
      return trail.events(nothing, signal);
    case 'actiontrail:GetAccessKeyLastUsedIps':
      return trail.addresses(nothing, signal);
    case 'actiontrail:GetAccessKeyLastUsedResources':
      return trail.resources(nothing, signal);
    case 'actiontrail:LookupEvents':
      return trail.lookUp({ user: NOBODY, from: now - 60_000, to: now, token: undefined }, signal);
  }
}
