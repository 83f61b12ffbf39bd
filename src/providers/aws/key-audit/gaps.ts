import type { KeyUseKind } from '../../../domain/access.ts';
import type { Depth } from './depth.ts';
import type { RegionPage } from './trail.ts';

const LISTS = ['service', 'event', 'address', 'resource'] as const;
const ASKED: Readonly<Record<Depth, ReadonlySet<KeyUseKind>>> = {
  info: new Set(),
  products: new Set(['service']),
  full: new Set(LISTS),
};

/** Which lists of a key are not all of it. In a region that is not enabled nothing can be used: that is no gap. */
export function gapsOf(
  depth: Depth,
  learnt: Readonly<Record<string, RegionPage>>,
  cut: readonly KeyUseKind[],
): readonly KeyUseKind[] {
  const isClosed = Object.values(learnt).some((page) => 'why' in page && !isNotEnabled(page.why));
  return LISTS.filter((what) => isClosed || cut.includes(what) || !ASKED[depth].has(what));
}

export function isNotEnabled(why: string): boolean {
  return why.includes('is not enabled');
}
