/** What one process does of what there is to do. Several with different duties share one archive. */
export interface Duties {
  /** Providers whose accounts it asks. */
  readonly collects: 'all' | readonly string[];
  readonly delivers: boolean;
}

export const ALL_DUTIES: Duties = { collects: 'all', delivers: true };
export const COLLECT_ONLY: Duties = { collects: 'all', delivers: false };
export const DELIVER_ONLY: Duties = { collects: [], delivers: true };
/** For looking at the archive only. */
export const NO_DUTIES: Duties = { collects: [], delivers: false };

export function collectsFrom({ collects }: Duties, provider: string): boolean {
  return collects === 'all' || collects.includes(provider);
}

/** Tells the plans of processes with different duties apart; undefined for one that does everything. */
export function scopeOf({ collects, delivers }: Duties): string | undefined {
  if (collects === 'all') return delivers ? undefined : 'collect';
  const asked = collects.length === 0 ? [] : [`collect-${collects.toSorted().join('+')}`];
  return [...asked, ...(delivers ? ['deliver'] : [])].join('-') || 'nothing';
}
