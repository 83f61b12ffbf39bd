import { Fault } from '../domain/fault.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
const LONGEST_MAKING_MS = 60 * 60_000;
const CLOCKS_DIFFER_MS = 5 * 60_000;

/** Whether it was begun before now, give or take what clocks differ. */
export function isPast(since: Instant, now: Instant): boolean {
  return since <= now + CLOCKS_DIFFER_MS;
}

/** Two seconds, growing to thirty; shorter where something is wanted every few seconds (a demo). */
export function pollDelayMs(polls: number, everyMs: number): number {
  const growing = FIRST_WAIT_MS * 2 ** Math.min(polls, 10);
  return Math.max(100, Math.min(growing, LONGEST_WAIT_MS, everyMs / 8));
}

/** Minutes, not hours: our clock may run ahead of the other side's, and the next one may come any moment. */
export function nextLookAt(madeAt: Instant, everyMs: number, now: Instant): Instant {
  return Math.max(now + Math.min(LONGEST_PAUSE_MS, everyMs / 4), madeAt + everyMs);
}

/** After an hour, what is being made is not going to come. `what` has not finished it: `account 1: the cloud has not finished the report`. */
export function insistOnTime(what: string, since: Instant, now: Instant): void {
  if (now - since <= LONGEST_MAKING_MS) return;
  throw new Fault('unreachable', `${what} that was begun at ${formatInstant(since)}`);
}
