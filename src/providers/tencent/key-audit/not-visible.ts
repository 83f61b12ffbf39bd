import type { MissingList } from '../credential-report/listing.ts';
import { notAsked } from '../credential-report/not-visible.ts';
import type { KeySettings } from './kind.ts';

/** What this audit never shows. */
const NEVER_SHOWN = [
  'uses that CloudAudit keeps no record of, such as most reading and writing of data',
  'uses of more than 90 days before the first report: CloudAudit looks back no further',
  "the main account's access keys: Tencent Cloud tells nobody else of them",
  'keys of sessions, which do not live long',
  'whether a call was allowed: refused ones count too',
  'the uses of the last minutes: CloudAudit has them late',
];

/** What is no lack of an account: see above, and what the YAML does not ask for. */
export const NOT_COUNTED = [
  ...NEVER_SHOWN,
  'what keys were used for (depth is ',
  'events, addresses and resources (depth is ',
  'what only the CloudAudit of regions other than ',
];

export interface Missing {
  readonly depth: KeySettings['depth'];
  readonly regions: readonly string[];
  readonly lists: readonly MissingList[];
  /** By action: how many it was refused for, and the code of the first. */
  readonly actions: ReadonlyMap<string, { readonly count: number; readonly code: string }>;
  /** Why CloudAudit could not be asked. */
  readonly closed: readonly string[];
}

export function notVisible(missing: Missing): readonly string[] {
  const { depth, regions } = missing;
  if (depth === 'info') return [...NEVER_SHOWN, ...amiss(missing), 'what keys were used for (depth is info)'];
  return [
    ...NEVER_SHOWN,
    ...(depth === 'products' ? ['events, addresses and resources (depth is products)'] : []),
    ...(regions.length === 0 ? [] : [`what only the CloudAudit of regions other than ${regions.join(', ')} tells`]),
    ...amiss(missing),
  ];
}

/** What was to be had, and was refused. */
export function amiss({ lists, actions, closed }: Pick<Missing, 'lists' | 'actions' | 'closed'>): readonly string[] {
  return [
    ...notAsked({ lists, actions, furtherKeys: 0 }),
    ...closed.map((why) => `what access keys were used for (${why})`),
  ];
}
