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

/** The prefix of some actions is not documented, and some of Alibaba Cloud's own tools write another: given in both spellings. */
export const SPELLED_TWICE: Readonly<Record<string, string>> = { 'ram:GetAccountSummary': 'ims:GetAccountSummary' };

/** What a key audit needs. */
export const KEY_AUDIT = {
  required: ['ram:ListUsers', 'ram:ListAccessKeys', 'actiontrail:GetAccessKeyLastUsedInfo'],
  optional: [
    'ram:GetAccessKeyLastUsed',
    'actiontrail:GetAccessKeyLastUsedProducts',
    'actiontrail:GetAccessKeyLastUsedEvents',
    'actiontrail:GetAccessKeyLastUsedIps',
    'actiontrail:GetAccessKeyLastUsedResources',
  ],
} as const;

/** What an access audit needs. */
export const ACCESS_AUDIT = {
  required: [
    'ram:ListUsers',
    'ram:ListRoles',
    'ram:ListGroupsForUser',
    'ram:ListPoliciesForUser',
    'ram:ListPoliciesForGroup',
    'ram:ListPoliciesForRole',
    'ram:GetPolicy',
    'ram:GetPolicyVersion',
  ],
  optional: [
    'ram:ListAccessKeys',
    'actiontrail:GetAccessKeyLastUsedProducts',
    'actiontrail:GetAccessKeyLastUsedEvents',
    'actiontrail:LookupEvents',
  ],
} as const;

/** Of `native:`. */
export const NATIVE = ['ram:GenerateServiceLastAccessedDetails', 'ram:GetServiceLastAccessedDetails'] as const;

/** What a hub needs: to take roles, and to list the members of a resource directory. */
const HUB_SESSION = ['sts:AssumeRole', 'resourcemanager:*'];

/** Handed to AssumeRole: however much the role may do, the session may do this only. */
export function sessionPolicy(): string {
  const audits = [KEY_AUDIT, ACCESS_AUDIT].flatMap(({ required, optional }) => [...required, ...optional]);
  const all = [...REQUIRED, ...OPTIONAL, ...Object.values(SPELLED_TWICE), ...audits, ...NATIVE];
  return sessionOf([...new Set(all)]);
}

/** As above, for a role on the way to another: with the other policy it could not take that. */
export function hubSessionPolicy(): string {
  return sessionOf(HUB_SESSION);
}

function sessionOf(Action: readonly string[]): string {
  return JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
}
