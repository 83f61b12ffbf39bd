/** What a credential report needs. RAM gives it on `*` only. */
export const REQUIRED = ['ram:GenerateCredentialReport', 'ram:GetCredentialReport'] as const;

/** What tells more; each one that is missing is said, and loses only what it would have told. */
export const OPTIONAL = [
  'ram:GetAccountSummary',
  'ram:ListUsers',
  'ram:ListAccessKeys',
  'ram:GetLoginProfile',
  'ram:GetUserMFAInfo',
  'ram:GetAccessKeyLastUsed',
] as const;

export type Permission = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

/** What the hub of an organisation needs, beside the right to assume the role in each account. */
export const HUB_PERMISSIONS = ['resourcemanager:ListAccounts', 'resourcemanager:GetResourceDirectory'] as const;

/** Of the session of a role on the way to another one: it may take the next role, and list the members. */
export function wayPolicy(): string {
  return allowing(['sts:AssumeRole', ...HUB_PERMISSIONS]);
}

/** Handed to AssumeRole: however much the role may do, the session may do this only. */
export function sessionPolicy(): string {
  // Some of Alibaba Cloud's own tools write the summary's action with the prefix ims.
  return allowing([...REQUIRED, ...OPTIONAL, 'ims:GetAccountSummary']);
}

function allowing(Action: readonly string[]): string {
  return JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
}
