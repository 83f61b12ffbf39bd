import type { Event } from '../../src/domain/event.ts';
import type { Findings } from '../../src/domain/finding.ts';

/** What a SIEM that only adds and removes holds to be open: finding id to what it was told of it. */
export type Held = Map<string, string>;

/** As docs/events.md says: an id that is `open` is added or replaced, one that is `closed` is removed; a report without a base is the whole list. */
export function foldReport(held: Held, events: readonly Event[]): Held {
  const base = events.find(({ kind }) => kind === 'summary')?.data?.['base'];
  if (base === 'baseline' || base === 'damaged') held.clear();
  for (const event of events) {
    const { kind, finding_id: id = '' } = event;
    if (kind !== 'finding') continue;
    if (event.status === 'open') held.set(id, toldOf(event));
    else held.delete(id);
  }
  return held;
}

function toldOf({ check, severity, identity, credential, data }: Event): string {
  const { verdict, since } = data ?? {};
  return JSON.stringify([check?.id, severity, verdict, since, identity?.id, credential?.kind, credential?.created_at]);
}

/** The same of what is kept, which is what `muster findings` shows. A key's id may be told or not: it is no part of this. */
export function keptOpen({ open }: Findings): readonly (readonly [string, string])[] {
  return open.map(({ id, check, severity, status, since, identity, credential }) => [
    id,
    JSON.stringify([check, severity, status, since, identity.id, credential?.kind, credential?.created_at]),
  ]);
}

export function sortedHeld(held: Iterable<readonly [string, string]>): readonly (readonly [string, string])[] {
  return [...held].sort(([a], [b]) => (a < b ? -1 : 1));
}
