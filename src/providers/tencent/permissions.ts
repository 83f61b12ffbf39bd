/** What a credential report needs. CAM takes each of them on `*` only. */
export const REQUIRED = ['sts:GetCallerIdentity', 'cam:ListUsers', 'cam:ListAccessKeys'] as const;

/** Actions that the international site does not have. */
export const MAINLAND_ONLY = [
  'cam:ListAccounts',
  'cam:ListWeChatWorkSubAccounts',
  'cam:ListReceiver',
  'cam:ListPoliciesGrantingServiceAccess',
] as const;

/** What is asked where ListPoliciesGrantingServiceAccess is not. */
export const INTERNATIONAL_ONLY = [
  'cam:ListAttachedUserAllPolicies',
  'cam:ListAttachedRolePolicies',
  'cam:ListAttachedGroupPolicies',
  'cam:GetPolicy',
] as const;

/** What tells more; each one that is missing is said, and loses only what it would have told. */
export const OPTIONAL = [
  'cam:ListAccounts',
  'cam:ListCollaborators',
  'cam:ListWeChatWorkSubAccounts',
  'cam:ListReceiver',
  'cam:DescribeSubAccounts',
  'cam:GetSecurityLastUsed',
  'cam:DescribeSafeAuthFlagColl',
  'cam:GetAccountSummary',
] as const;

const LISTS = [
  'cam:ListAccounts',
  'cam:ListCollaborators',
  'cam:ListWeChatWorkSubAccounts',
  'cam:ListReceiver',
] as const;

export const KEY_AUDIT = {
  required: REQUIRED,
  optional: [...LISTS, 'cam:GetSecurityLastUsed', 'cloudaudit:LookUpEvents'],
} as const;

export const ACCESS_AUDIT = {
  required: ['sts:GetCallerIdentity', 'cam:ListUsers'],
  optional: [
    ...LISTS,
    'cam:DescribeRoleList',
    'cam:ListGroups',
    'cam:ListPoliciesGrantingServiceAccess',
    ...INTERNATIONAL_ONLY,
    'cloudaudit:LookUpEvents',
  ],
} as const;

/** Of the audits' own session: lists of people and keys are asked by the other. */
export function auditSessionPolicy(): string {
  const report: readonly string[] = [...REQUIRED, ...OPTIONAL];
  return sessionOf(
    [...ACCESS_AUDIT.optional, ...KEY_AUDIT.optional].filter(
      (action, at, all) => !report.includes(action) && all.indexOf(action) === at,
    ),
  );
}

/** Handed to AssumeRole: however much the role may do, the session may do this only. */
export function sessionPolicy(): string {
  return sessionOf([...REQUIRED, ...OPTIONAL]);
}

/** As above, for a role on the way to another: with the other policy it could not take that. */
export function hubSessionPolicy(): string {
  return sessionOf(['sts:GetCallerIdentity', 'name/sts:AssumeRole', 'organization:*']);
}

/** STS wants it URL-encoded. */
function sessionOf(action: readonly string[]): string {
  const statement = [{ effect: 'allow', action, resource: ['*'] }];
  return encodeURIComponent(JSON.stringify({ version: '2.0', statement }));
}
