import type { Account } from '../../../domain/account.ts';
import { problemOf } from '../../../kit/problem-of.ts';
import type { Probed } from '../../provider.ts';
import { ACCESS_KIND } from '../access-audit/kind.ts';
import type { AuditApis } from '../audit-api.ts';
import { KEY_KIND } from '../key-audit/kind.ts';
import { partitionOf } from '../partition.ts';
import { ACCESS_AUDIT, KEY_AUDIT } from '../permissions.ts';
import { isSwitchedOff } from './switched-off.ts';

type Permission =
  | (typeof ACCESS_AUDIT)['required' | 'optional'][number]
  | (typeof KEY_AUDIT)['required' | 'optional'][number];

const AUDITS = [
  [ACCESS_KIND, ACCESS_AUDIT],
  [KEY_KIND, KEY_AUDIT],
] as const;

/** An identity, a job and a key that nobody has: AWS refuses before it looks for them. */
const NOBODY = 'muster-doctor';
const NO_JOB = '00000000-0000-0000-0000-000000000000';

interface ProbeParts {
  readonly account: Account;
  readonly region: string;
  readonly apis: AuditApis;
  readonly now: number;
}

/** Tries what the account's audits need, each permission once. */
export async function probeAudits(parts: ProbeParts, signal: AbortSignal): Promise<readonly Probed[]> {
  const { reports } = parts.account;
  const needed = new Set<Permission>();
  const all = new Set<Permission>();
  for (const [kind, { required, optional }] of AUDITS) {
    if (!(kind in reports)) continue;
    for (const permission of required) needed.add(permission);
    for (const permission of [...required, ...optional])
      if (!isSwitchedOff(kind, permission, reports[kind])) all.add(permission);
  }
  const probed: Probed[] = [];
  for (const permission of all) {
    const problem = await problemOf(needed.has(permission), () => attempt(permission, parts, signal));
    probed.push({ permission, needed: needed.has(permission), problem });
  }
  return probed;
}

async function attempt(permission: Permission, parts: ProbeParts, signal: AbortSignal): Promise<unknown> {
  const { account, region, now } = parts;
  const { iam, trail } = parts.apis;
  const arn = `arn:${partitionOf(region)}:iam::${account.id}:user/${NOBODY}`;
  switch (permission) {
    case 'iam:ListUsers':
      return iam.users(undefined, signal);
    case 'iam:ListRoles':
      return iam.roles(undefined, signal);
    case 'iam:ListGroups':
      return iam.groups(undefined, signal);
    case 'iam:ListAccessKeys':
      return iam.accessKeys(NOBODY, undefined, signal);
    case 'iam:GetAccessKeyLastUsed':
      return keyLastUsed(iam, signal);
    case 'iam:GenerateServiceLastAccessedDetails':
      return iam.generateAccess(arn, 'SERVICE_LEVEL', signal);
    case 'iam:GetServiceLastAccessedDetails':
      return iam.access(NO_JOB, undefined, signal);
    case 'iam:ListPoliciesGrantingServiceAccess':
      return iam.grants({ arn, namespaces: ['iam'], marker: undefined }, signal);
    case 'cloudtrail:LookupEvents': {
      const asked = { region: region === 'aws-global' ? 'us-east-1' : region, keyId: 'AKIAMUSTERDOCTOR0000' };
      return trail.events({ ...asked, from: now - 60_000, to: now, token: undefined, most: 1 }, signal);
    }
  }
}

/** AWS may call a key that nobody has denied: a real one is asked about, where one of the first users has one. */
async function keyLastUsed(iam: AuditApis['iam'], signal: AbortSignal): Promise<unknown> {
  const { Users } = await iam.users(undefined, signal);
  for (const { UserName } of Users.slice(0, 20)) {
    const listed = await iam.accessKeys(UserName, undefined, signal);
    const key = listed === 'gone' ? undefined : listed.AccessKeyMetadata[0];
    if (key !== undefined) return iam.keyLastUsed(key.AccessKeyId, signal);
  }
  return undefined;
}
