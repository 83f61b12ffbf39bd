/** What a credential report needs. CAM takes each of them on `*` only. */
export const REQUIRED = ['sts:GetCallerIdentity', 'cam:ListUsers', 'cam:ListAccessKeys'] as const;

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
