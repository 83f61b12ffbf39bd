import type { KeySettings } from './kind.ts';

/** What this audit never shows. */
const NEVER_SHOWN = [
  'uses before 1 February 2022 and of more than 400 days ago',
  'uses of the last hour: ActionTrail refreshes what it knows of keys every hour',
  'when a key was first used, and how often: ActionTrail tells the last use of each thing only',
  'events, addresses and resources of services that ActionTrail does not support',
  "the root user's access keys: their ids can be listed by the root only",
  'keys of sessions (STS.…), which do not live long',
];

/** What is no lack of an account: see above, and what the YAML does not ask for. */
export const NOT_COUNTED = [
  ...NEVER_SHOWN,
  'what keys were used for (depth is ',
  'events, addresses and resources (depth is ',
];

/** How many keys or users each code refused, by what was asked. */
export type Refusals = ReadonlyMap<string, number>;

export function notVisible(depth: KeySettings['depth'], refusals: Refusals): readonly string[] {
  return [
    ...NEVER_SHOWN,
    ...(depth === 'info' ? ['what keys were used for (depth is info)'] : []),
    ...(depth === 'products' ? ['events, addresses and resources (depth is products)'] : []),
    ...refusalLines(refusals),
  ];
}

export function refusalLines(refusals: Refusals): readonly string[] {
  return [...refusals].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([what, count]) => `${what}: ${count}`);
}
