/** What the hub needs in the account of the organisation, beside `sts:AssumeRole` on the role of each account. The prefix is assumed. */
export const HUB_PERMISSIONS = [
  'organization:DescribeOrganizationMembers',
  'organization:DescribeOrganization',
] as const;
