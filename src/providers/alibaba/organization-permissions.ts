/** What the hub needs in the management account or a delegated one, beside `sts:AssumeRole` on the role of each account. */
export const HUB_PERMISSIONS = ['resourcemanager:ListAccounts', 'resourcemanager:GetResourceDirectory'] as const;
