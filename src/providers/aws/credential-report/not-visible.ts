import type { FaultKind } from '../../../domain/fault.ts';
import { ROOT_MFA, USER_TAGS } from '../permissions.ts';

/** What was to be had, and was not. */
export interface Missing {
  keyIds: 'off' | { readonly fault: FaultKind; readonly action: string; readonly users: number } | undefined;
  serviceCredentials: 'off' | { readonly fault: FaultKind } | undefined;
  summary?: FaultKind | undefined;
  alias?: FaultKind | undefined;
  /** Nobody misses what was not asked for. */
  userTags?: { readonly fault: FaultKind } | undefined;
  rootMfa?: { readonly fault: FaultKind } | undefined;
}

/** What AWS's credential report never shows. */
export const NEVER_SHOWN = [
  'roles, their sessions, and identities that sign in by federation or IAM Identity Center',
  'SSH public keys of users',
  'which MFA devices a user has',
  'access keys and signing certificates of a user beyond the second',
  "ids of the root user's access keys",
  'what happened in the minutes before the report, and use within the 5 minutes (passwords) or 15 minutes (keys) that AWS counts as one',
];

export function notVisible(missing: Missing): readonly string[] {
  return [
    ...NEVER_SHOWN,
    ...keyIds(missing.keyIds),
    ...serviceCredentials(missing.serviceCredentials),
    ...told(missing.summary, "the cloud's own count of users, to compare the report with", 'iam:GetAccountSummary'),
    ...told(missing.alias, "the account's alias", 'iam:ListAccountAliases'),
    ...told(missing.userTags?.fault, 'tags of users', USER_TAGS),
    ...told(missing.rootMfa?.fault, "whether the root's MFA device is a virtual one", ROOT_MFA),
  ];
}

function keyIds(missing: Missing['keyIds']): readonly string[] {
  if (missing === undefined) return [];
  if (missing === 'off') return ['user ids and access key ids (key_ids is off)'];
  const why = reasonOf(missing.fault, missing.action);
  if (missing.action === 'iam:ListUsers') return [`user ids and access key ids (${why})`];
  return [`access key ids of ${missing.users} ${missing.users === 1 ? 'user' : 'users'} (${why})`];
}

function serviceCredentials(missing: Missing['serviceCredentials']): readonly string[] {
  if (missing === undefined) return [];
  const what = 'service-specific credentials (CodeCommit, Keyspaces, Bedrock and other API keys)';
  if (missing === 'off') return [`${what} (key_ids is off)`];
  return [`${what} (${reasonOf(missing.fault, 'iam:ListServiceSpecificCredentials')})`];
}

function told(fault: FaultKind | undefined, what: string, permission: string): readonly string[] {
  return fault === undefined ? [] : [`${what} (${reasonOf(fault, permission)})`];
}

function reasonOf(fault: FaultKind, permission: string): string {
  switch (fault) {
    case 'denied':
      return `not allowed: ${permission}`;
    case 'throttled':
      return 'AWS throttles us, or it took too long';
    case 'unreachable':
    case 'misconfigured':
    case 'malformed':
      return 'AWS did not answer as expected';
  }
}
