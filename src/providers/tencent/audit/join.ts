import { capped, type Fold, foldUse, sortedUses, type Use } from '../../../kit/use-fold.ts';
import { foldEvent } from './fold.ts';
import type { Known } from './known.ts';
import type { TrailPage } from './trail.ts';

/** What was known of a key or an identity and what was learnt since, in one. */
export interface Joined {
  /** Undefined where nobody told. */
  readonly uses: readonly Use[] | undefined;
  /** From when on a use would have been seen. */
  readonly since: number | undefined;
  /** For the next report; undefined where it has to begin anew. */
  readonly next: Known | undefined;
  readonly why: readonly string[];
  /** All that there is up to now: what is not named was not used. */
  readonly isFresh: boolean;
}

/** Pure. Where a region is closed that was open, what was known stays, so that nothing that was seen looks gone. */
export function join(before: Known | undefined, learnt: TrailPage | undefined, isWhole: boolean): Joined {
  const found = learnt === undefined || 'why' in learnt ? undefined : learnt;
  const why = learnt !== undefined && 'why' in learnt ? [learnt.why] : [];
  const fold: Fold = new Map();
  for (const use of [...(before?.uses ?? []), ...(found?.uses ?? [])]) foldUse(fold, use);
  const { uses, leftOut } = capped(sortedUses(fold));
  for (const [what, count] of Object.entries(leftOut))
    if (count > 0) why.push(`${count} older ${what === 'address' ? 'addresses' : 'resources'} are left out`);
  const recent = found?.recent ?? before?.recent ?? [];
  const since = found?.since ?? before?.since;
  const isKnown = before !== undefined || found !== undefined;
  return {
    uses: isKnown ? withRecent(uses, recent) : undefined,
    since,
    next:
      found === undefined || !isWhole
        ? before
        : { since: since ?? found.since, settledAt: found.settledAt, uses: [...uses], recent: [...recent] },
    why,
    isFresh: found !== undefined && isWhole,
  };
}

function withRecent(uses: readonly Use[], recent: Known['recent']): readonly Use[] {
  const all: Fold = new Map();
  for (const use of uses) foldUse(all, use);
  for (const event of recent) foldEvent(all, event);
  return sortedUses(all);
}
