/** What this audit never shows. */
const NEVER_SHOWN = [
  'what service control policies, permissions boundaries, session policies and policies of resources give or take: AWS looks at the policies of the identity only',
  'uses of the last hours: AWS shows most within four hours',
  'uses more than 400 days ago, or before AWS began to track a service or action in a region',
  'whether an attempt was allowed: refused ones count too',
  'service-linked roles, whose policies nobody can change',
  'the group that a managed policy comes from: AWS names the group of an inline policy only',
  'what the root user did',
];

/** AWS's code, and for how many identities. */
export interface Refused {
  readonly code: string;
  readonly count: number;
}

const NO_GROUPS = 'groups (groups is off)';

/** What is no lack of an account: see above, and what nobody asked for. */
export const NOT_COUNTED = [...NEVER_SHOWN, NO_GROUPS];

interface Missing {
  readonly groups: boolean;
  readonly grants: Refused | undefined;
  readonly failed: number;
}

export function notVisible({ groups, grants, failed }: Missing): readonly string[] {
  return [
    ...NEVER_SHOWN,
    ...(groups ? [] : [NO_GROUPS]),
    ...(grants === undefined ? [] : [grantsLine(grants)]),
    ...(failed === 0 ? [] : [`services of ${identities(failed)} (AWS failed to tell)`]),
  ];
}

export function grantsLine({ code, count }: Refused): string {
  const action = 'iam:ListPoliciesGrantingServiceAccess';
  return `which policy gives a service, of ${identities(count)} (${action} was refused: ${code})`;
}

function identities(count: number): string {
  return `${count} ${count === 1 ? 'identity' : 'identities'}`;
}
