/** What a credential report needs. CAM takes each of them on `*` only. */
export const REQUIRED = ['sts:GetCallerIdentity', 'cam:ListUsers', 'cam:ListAccessKeys'] as const;

/** Actions that the international site does not have. */
export const MAINLAND_ONLY = ['cam:ListAccounts', 'cam:ListWeChatWorkSubAccounts', 'cam:ListReceiver'] as const;

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
