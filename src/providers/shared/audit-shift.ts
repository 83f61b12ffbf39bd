import type { Clock } from '../../domain/clock.ts';
import type { Instant } from '../../domain/instant.ts';
import { inJournal, type Journal, type JournalKeeper } from '../../kit/attempt-journal.ts';
import { pageKey } from '../../kit/page-key.ts';
import { auditLastsMs, type Shift, shiftOf, workThrough } from '../../kit/shift.ts';
import type { Look, Step } from '../provider.ts';

/** One go at a report: a shift is laid aside when it is over, so that others get the worker. */
export interface AuditWork<D> {
  readonly desk: D;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly startedAt: Instant;
  readonly pages: Journal;
  readonly shift: Shift;
}

export function inShift<D extends JournalKeeper>(
  desk: D,
  look: Look,
  go: (work: AuditWork<D>) => Promise<Step>,
): Promise<Step> {
  const { clock, signal } = look;
  return inJournal(desk, look, (pages, startedAt) => {
    const shift = shiftOf(startedAt, clock, auditLastsMs(look.everyMs));
    return go({ desk, clock, signal, startedAt, pages, shift });
  });
}

export interface Asked<I, A> {
  readonly name: string;
  readonly items: readonly I[];
  readonly atOnce: number;
  /** `name` begins the names of all answers about the item. */
  readonly ask: (item: I, name: string) => Promise<A>;
}

/** What each item was answered, in its order; or how many are left when the shift is over. */
export async function askEach<I, A>(
  { name, items, atOnce, ask }: Asked<I, A>,
  { shift }: { readonly shift: Shift },
): Promise<readonly A[] | number> {
  const answers: A[] = [];
  const left = await workThrough(items, atOnce, shift, async (item, index) => {
    answers[index] = await ask(item, pageKey(name, index + 1));
    return 'done';
  });
  return left > 0 ? left : answers;
}
