const PREFIXES: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
  ['us-iso-', 'aws-iso'],
  ['eu-isoe-', 'aws-iso-e'],
  ['eusc-', 'aws-eusc'],
];

/** The region alone selects the partition; credentials of one are worth nothing in another. */
export function partitionOf(region: string): string {
  return PREFIXES.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}

/** A role may be named alone: then it is the account's own. */
export function roleArn(role: string, accountId: string, region: string): string {
  return role.startsWith('arn:') ? role : `arn:${partitionOf(region)}:iam::${accountId}:role/${role}`;
}
