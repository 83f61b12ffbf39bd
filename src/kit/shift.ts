import type { Clock } from '../domain/clock.ts';
import type { Instant } from '../domain/instant.ts';
import { concurrently } from './concurrently.ts';

const SHIFT_MS = 20_000;
const HOUR_MS = 60 * 60_000;
/** From so long before an attempt is over the work is not laid aside any more. */
const LAST_SHIFT_MS = 20 * 60_000;

/** As long as any attempt at an audit lasts. */
export const LONGEST_AUDIT_MS = 12 * HOUR_MS;

/** What an audit was answered stays usable until half of the time to the next one is over. */
export function auditLastsMs(everyMs: number): number {
  return Math.min(Math.max(everyMs / 2, HOUR_MS), LONGEST_AUDIT_MS);
}

/** How long work may go on before the worker is handed back. */
export interface Shift {
  /** The first question is asked: what went before was reading answers that were kept. */
  begin(): void;
  isOver(): boolean;
}

export function shiftOf(startedAt: Instant, clock: Clock, attemptLastsMs = HOUR_MS): Shift {
  const openedAt = clock.now();
  const isLast = openedAt - startedAt >= attemptLastsMs - LAST_SHIFT_MS;
  let endsAt: Instant | undefined;
  return {
    begin() {
      // A worker that has read for long asks for longer, so that asking gets ahead.
      endsAt ??= clock.now() + Math.max(SHIFT_MS, 2 * (clock.now() - openedAt));
    },
    isOver: () => !isLast && endsAt !== undefined && clock.now() >= endsAt,
  };
}

/** Works on the items until the shift is over; what is under way is finished. Tells how many are left. */
export async function workThrough<T>(
  items: readonly T[],
  limit: number,
  shift: Shift,
  work: (item: T, index: number) => Promise<'done' | 'unfinished'>,
): Promise<number> {
  let done = 0;
  await concurrently(untilOver(items, shift), limit, async ([index, item]) => {
    if ((await work(item, index)) === 'done') done += 1;
  });
  return items.length - done;
}

function* untilOver<T>(items: readonly T[], shift: Shift): Iterable<[number, T]> {
  for (const entry of items.entries()) {
    if (shift.isOver()) return;
    yield entry;
  }
}

/** Laid aside: whoever takes it up finds the answers in the attempt. */
export function laidAside(clock: Clock, why: string) {
  return { do: 'wait', until: clock.now(), state: { step: 'asking' }, why } as const;
}
