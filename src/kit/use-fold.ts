import { z } from 'zod';
import { KEY_USES } from '../domain/access.ts';

/** What was used, many events in one. */
export const Use = z.object({
  what: z.enum(KEY_USES),
  service: z.string(),
  name: z.string(),
  type: z.string(),
  first: z.number(),
  last: z.number(),
  /** Of the last one. */
  region: z.string(),
  count: z.number(),
});
export type Use = z.infer<typeof Use>;

/** Uses by what they are. Folding is the same in any order. */
export type Fold = Map<string, Use>;

export function foldUse(fold: Fold, use: Use): void {
  const key = JSON.stringify([use.what, use.service, use.name, use.type]);
  const known = fold.get(key);
  fold.set(key, known === undefined ? use : joined(known, use));
}

function joined(one: Use, other: Use): Use {
  const isLater = other.last > one.last || (other.last === one.last && other.region < one.region);
  return {
    ...one,
    first: Math.min(one.first, other.first),
    last: Math.max(one.last, other.last),
    region: isLater ? other.region : one.region,
    count: one.count + other.count,
  };
}

/** In an order of their own, so that the same uses make the same bytes. */
export function sortedUses(fold: Fold): readonly Use[] {
  const keyed = [...fold].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return keyed.map(([, use]) => use);
}

/** Names that anybody can make up without end: the newest of each are kept. */
const MOST_NAMES = 1_000;

export interface Capped {
  readonly uses: readonly Use[];
  /** How many were left out, by what they are. */
  readonly leftOut: Readonly<Record<'address' | 'resource', number>>;
}

export function capped(uses: readonly Use[]): Capped {
  const kept = uses.filter(({ what }) => what !== 'address' && what !== 'resource');
  const leftOut = { address: 0, resource: 0 };
  for (const what of ['address', 'resource'] as const) {
    const names = uses.filter((use) => use.what === what).toSorted((one, other) => other.last - one.last);
    kept.push(...names.slice(0, MOST_NAMES));
    leftOut[what] = Math.max(0, names.length - MOST_NAMES);
  }
  return { uses: kept, leftOut };
}
