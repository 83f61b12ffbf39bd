import type { KeyUseKind } from '../../../domain/access.ts';
import { capped, type Fold, foldUse, sortedUses, type Use } from '../../../kit/use-fold.ts';
import type { Depth } from './depth.ts';
import { foldEvent } from './fold.ts';
import type { KeyKnown, RegionKnown } from './known.ts';
import type { RegionPage } from './trail.ts';

/** What was known of a key and what was learnt since, in one. */
export interface Joined {
  readonly uses: readonly Use[];
  readonly next: KeyKnown;
  readonly why: readonly string[];
  /** Lists that are longer than what is kept of them. */
  readonly cut: readonly KeyUseKind[];
}

/** Pure. A region that did not answer keeps what was known, so that nothing that was seen looks gone. */
export function join(before: KeyKnown, learnt: Readonly<Record<string, RegionPage>>, depth: Depth): Joined {
  const settled: Fold = new Map();
  const regions: Record<string, RegionKnown> = { ...before.regions };
  const why: string[] = [];
  for (const use of before.uses) foldUse(settled, use);
  for (const [region, page] of Object.entries(learnt)) {
    if ('why' in page) {
      why.push(page.why);
      continue;
    }
    for (const use of page.uses) foldUse(settled, use);
    regions[region] = { settledAt: page.settledAt, recent: page.recent };
  }
  const { uses, leftOut } = capped(sortedUses(settled));
  const cut = (['address', 'resource'] as const).filter((what) => leftOut[what] > 0);
  for (const what of cut)
    why.push(`${leftOut[what]} older ${what === 'address' ? 'addresses' : 'resources'} are left out`);
  return { uses: withRecent(uses, regions, depth), next: { regions, uses: [...uses] }, why, cut };
}

function withRecent(
  uses: readonly Use[],
  regions: Readonly<Record<string, RegionKnown>>,
  depth: Depth,
): readonly Use[] {
  const all: Fold = new Map();
  for (const use of uses) foldUse(all, use);
  for (const { recent } of Object.values(regions)) for (const event of recent) foldEvent(all, event, depth);
  return sortedUses(all);
}
