/** What this audit never shows. */
const NEVER_SHOWN = [
  'what control policies, session policies and policies of resources give or take: only policies of identities are read',
  'calls of the data plane, such as reading an object of OSS, and permissions that are no call, such as ram:PassRole',
  'permissions that a service checks in another (Resource Center, Resource Management, Tag): no use is recorded',
  'uses by keys before 1 February 2022 and of more than 400 days ago; other uses of more than 90 days before the first report',
  'events of other regions than the one that is asked, where ActionTrail keeps them there',
  'that a service is used which ActionTrail calls otherwise than policies do: such a use has a row of its own',
  'whether an attempt was allowed: refused ones count too',
  'service-linked roles, whose policies nobody can change',
  'what the root user did',
];

/** What is no lack of an account: see above, and what the YAML does not ask for. */
export const NOT_COUNTED = [...NEVER_SHOWN, 'uses without an access key (lookup is ', 'what roles did (lookup is '];

interface Missing {
  readonly lookup: 'off' | 'users' | 'all';
  readonly broken: number;
  /** What was refused, and of how many. */
  readonly refusals: ReadonlyMap<string, number>;
}

export function notVisible({ lookup, broken, refusals }: Missing): readonly string[] {
  return [
    ...NEVER_SHOWN,
    ...(lookup === 'off' ? ['uses without an access key (lookup is off)'] : []),
    ...(lookup === 'all' ? [] : [`what roles did (lookup is ${lookup})`]),
    ...(broken === 0 ? [] : [`what policies give that cannot be read: ${broken}`]),
    ...refusalLines(refusals),
  ];
}

export function refusalLines(refusals: ReadonlyMap<string, number>): readonly string[] {
  return [...refusals].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([what, count]) => `${what}: ${count}`);
}
