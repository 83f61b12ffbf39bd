import type { FaultKind } from '../../../domain/fault.ts';

/** What was to be had, and was not. */
export interface Missing {
  readonly keyIds: 'off' | { readonly fault: FaultKind; readonly action: string; readonly users: number } | undefined;
  readonly summary?: FaultKind | undefined;
}

/** What Alibaba Cloud's credential report never shows. */
export const NEVER_SHOWN = [
  'roles, their sessions, and identities that sign in by CloudSSO or role-based SSO',
  'which MFA devices a user has',
  "ids of the root user's access keys",
  'from where and for which service an access key was used, and use before 1 June 2019',
  'password changes before 6 April 2016, and who has a password while their console login is disabled',
  "what happened in the two hours (keys) or the day (the root's password) before the report",
];

export function notVisible(missing: Missing): readonly string[] {
  return [...NEVER_SHOWN, ...keyIds(missing.keyIds), ...summary(missing.summary)];
}

/** What only the cloud's own report shows; `untold` names what else was to be had, and was not. */
export function notVisibleWithoutReport(lastTold: string | undefined, untold: readonly string[]): readonly string[] {
  const since = lastTold === undefined ? 'none was ever kept' : `the last one is of ${lastTold}`;
  return [
    ...NEVER_SHOWN,
    `what no API tells, because Alibaba Cloud makes no report for more than 3,500 RAM users (${since}): the root's access keys, MFA, password and sign-in, and when passwords were changed or must be`,
    ...untold,
  ];
}

function keyIds(missing: Missing['keyIds']): readonly string[] {
  if (missing === undefined) return [];
  if (missing === 'off') return ['user ids and access key ids (key_ids is off)'];
  const why = reasonOf(missing.fault, missing.action);
  if (missing.action === 'ram:ListUsers') return [`user ids and access key ids (${why})`];
  return [`access key ids of ${missing.users} ${missing.users === 1 ? 'user' : 'users'} (${why})`];
}

/** Of the count that the report is compared with. */
export function summary(fault: FaultKind | undefined): readonly string[] {
  const what = "the cloud's own count of users, to compare the report with";
  return fault === undefined ? [] : [`${what} (${reasonOf(fault, 'ram:GetAccountSummary')})`];
}

export function reasonOf(fault: FaultKind, permission: string): string {
  switch (fault) {
    case 'denied':
      return `not allowed: ${permission}`;
    case 'throttled':
      return 'Alibaba Cloud throttles us, or it took too long';
    case 'unreachable':
    case 'misconfigured':
    case 'malformed':
      return 'Alibaba Cloud did not answer as expected';
  }
}
