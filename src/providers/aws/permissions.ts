/** What a credential report needs. It can be given on `*` only. */
export const REQUIRED = ['iam:GenerateCredentialReport', 'iam:GetCredentialReport'] as const;

/** Asked only when `key_ids` is on. */
export const KEY_IDS = ['iam:ListUsers', 'iam:ListAccessKeys', 'iam:ListServiceSpecificCredentials'] as const;

/** Asked only when `user_tags` is on. */
export const USER_TAGS = 'iam:GetAccountAuthorizationDetails';

/** Asked only when `root_mfa` is on. */
export const ROOT_MFA = 'iam:ListVirtualMFADevices';

/** What tells more; each one that is missing is said, and loses only what it would have told. */
export const OPTIONAL = [...KEY_IDS, 'iam:GetAccountSummary', 'iam:ListAccountAliases', USER_TAGS, ROOT_MFA] as const;

/** What an access audit needs. */
export const ACCESS_AUDIT = {
  required: [
    'iam:ListUsers',
    'iam:ListRoles',
    'iam:GenerateServiceLastAccessedDetails',
    'iam:GetServiceLastAccessedDetails',
  ],
  optional: ['iam:ListPoliciesGrantingServiceAccess', 'iam:ListGroups'],
} as const;

/** What a key audit needs. */
export const KEY_AUDIT = {
  required: ['iam:ListUsers', 'iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'],
  optional: ['cloudtrail:LookupEvents'],
} as const;

const AUDITS = [...ACCESS_AUDIT.required, ...ACCESS_AUDIT.optional, ...KEY_AUDIT.required, ...KEY_AUDIT.optional];

/** Handed to AssumeRole: however much the role may do, the session may do this only. */
export function sessionPolicy(): string {
  return sessionOf([...new Set([...REQUIRED, ...OPTIONAL, ...AUDITS])]);
}

/** What a hub needs: to take roles, and to list the members of an organisation. */
export const HUB_PERMISSIONS = [
  'sts:AssumeRole',
  'sts:TagSession',
  'organizations:ListAccounts',
  'organizations:ListTagsForResource',
  'iam:ListOrganizationsFeatures',
] as const;

/** As above, for a role on the way to another: with the other policy it could not take that. */
export function hubSessionPolicy(): string {
  return sessionOf(HUB_PERMISSIONS);
}

function sessionOf(Action: readonly string[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
}
