import type { MissingList } from '../credential-report/listing.ts';
import { notAsked } from '../credential-report/not-visible.ts';
import { isNotAllowed } from '../faults.ts';

/** What this audit never shows. */
const NEVER_SHOWN = [
  'uses that CloudAudit keeps no record of, such as most reading and writing of data',
  'uses of more than 90 days before the first report: CloudAudit looks back no further',
  'whether a call was allowed: refused ones count too',
  'what permissions boundaries, policies of sessions and of resources, and control policies of the organization take or give',
  'service-linked roles, whose policies nobody can change',
  'what the main account did',
];

/** What is no lack of an account: see above, and what the YAML does not ask for. */
export const NOT_COUNTED = [
  ...NEVER_SHOWN,
  'groups (groups is off)',
  'what only the CloudAudit of regions other than ',
];

/** Tencent's code, and for how many identities. */
export interface Refused {
  readonly action: string;
  readonly code: string;
  readonly count: number;
}

export interface Missing {
  readonly groups: boolean;
  readonly lists: readonly MissingList[];
  /** Tencent's code, where roles or groups were not to be listed. */
  readonly unlisted: ReadonlyMap<'roles' | 'groups', string>;
  readonly grants: Refused | undefined;
  readonly policies: Refused | undefined;
  /** Why CloudAudit could not be asked. */
  readonly closed: readonly string[];
  readonly regions: readonly string[];
}

export function notVisible(missing: Missing): readonly string[] {
  const { groups, regions } = missing;
  return [
    ...NEVER_SHOWN,
    ...(groups ? [] : ['groups (groups is off)']),
    ...(regions.length === 0 ? [] : [`what only the CloudAudit of regions other than ${regions.join(', ')} tells`]),
    ...amiss(missing),
  ];
}

const LISTED_BY = { roles: 'cam:DescribeRoleList', groups: 'cam:ListGroups' } as const;

/** What was to be had, and was refused. */
export function amiss({ lists, unlisted, grants, policies, closed }: Missing): readonly string[] {
  return [
    ...notAsked({ lists, actions: new Map(), furtherKeys: 0 }),
    ...[...unlisted].map(([what, code]) => `${what} (${whyOf(LISTED_BY[what], code)})`),
    ...(grants === undefined ? [] : [`what policies give to ${identities(grants.count)} (${refusal(grants)})`]),
    ...(policies === undefined ? [] : [`what policies say, of ${policies.count} (${refusal(policies)})`]),
    ...closed.map((why) => `last uses of services (${why})`),
  ];
}

function refusal({ action, code }: Refused): string {
  return whyOf(action, code);
}

export function whyOf(action: string, code: string): string {
  return isNotAllowed(code) ? `not allowed: ${action}` : `${action} was refused: ${code}`;
}

function identities(count: number): string {
  return `${count} ${count === 1 ? 'identity' : 'identities'}`;
}
