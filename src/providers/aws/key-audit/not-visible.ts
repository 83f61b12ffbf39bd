import type { Depth } from './depth.ts';

/** What this audit never shows. */
const NEVER_SHOWN = [
  'data events, such as reading an object of S3: CloudTrail looks management events up only',
  'events of more than 90 days before the first report: CloudTrail has forgotten them',
  "the root user's access keys: AWS tells nobody their ids",
  'keys of sessions (ASIA…), which do not live long',
  'whether an event was allowed: refused ones count too',
  'the events of the last minutes: CloudTrail has most within 15',
];

const NOT_ASKED = 'what keys were used for (depth is info)';
const OTHER_REGIONS = 'what keys were used for in regions other than ';
const NOT_FULL = 'events, addresses and resources (depth is products)';

/** What is no lack of an account: see above, and what the YAML does not ask for. */
export const NOT_COUNTED = [...NEVER_SHOWN, NOT_ASKED, OTHER_REGIONS, NOT_FULL];

interface Missing {
  readonly depth: Depth;
  readonly regions: readonly string[];
  /** By region: why nobody could look there. */
  readonly closed: ReadonlyMap<string, string>;
}

export function notVisible({ depth, regions, closed }: Missing): readonly string[] {
  if (depth === 'info') return [...NEVER_SHOWN, NOT_ASKED];
  return [
    ...NEVER_SHOWN,
    `${OTHER_REGIONS}${regions.join(', ')}`,
    ...(depth === 'products' ? [NOT_FULL] : []),
    ...closedLines(closed),
  ];
}

export function closedLines(closed: ReadonlyMap<string, string>): readonly string[] {
  return [...closed].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, why]) => `uses of keys: ${why}`);
}
