import type { Instant } from '../../../domain/instant.ts';
import { wholeSecond } from '../../../kit/whole-second.ts';
import { HISTORY_MS } from '../../shared/history.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Less than 30 days may be asked for at once: three of these are the whole history. */
const WINDOW_MS = 30 * DAY_MS - HOUR_MS / 2;
/** The zone of the time at which a key was made is assumed: nothing may be lost where it is another. */
const DOUBT_MS = DAY_MS;
/** Events come late; how late is not documented. Those of so long are asked for once more by the next report. */
export const overlapMs = 6 * HOUR_MS;

/** From `from` on and before `to`; `asked` is what the cloud is asked from. */
export interface Window {
  readonly from: Instant;
  readonly to: Instant;
  readonly asked: Instant;
}

export function historyFrom(startedAt: Instant, createdAt: Instant | undefined): Instant {
  const oldest = startedAt - HISTORY_MS;
  return wholeSecond(createdAt === undefined ? oldest : Math.max(oldest, createdAt - DOUBT_MS));
}

/** Newest first; as few as there can be. Nothing is asked of the time after the report began. */
export function windowsOf(from: Instant, startedAt: Instant): readonly Window[] {
  const windows: Window[] = [];
  for (let to = wholeSecond(startedAt); to > from; ) {
    const begin = Math.max(from, to - WINDOW_MS);
    windows.push({ from: begin, to, asked: begin - 1_000 });
    to = begin;
  }
  return windows;
}
