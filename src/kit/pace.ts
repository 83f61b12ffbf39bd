import type { Clock } from '../domain/clock.ts';
import type { Instant } from '../domain/instant.ts';

/** Lets at most so many through in a second, evenly spaced: resolves when it is the caller's turn. */
export type Pace = (signal: AbortSignal) => Promise<void>;

export function pace(perSecond: number, clock: Clock): Pace {
  const gapMs = 1_000 / perSecond;
  let free: Instant = 0;
  return async (signal) => {
    signal.throwIfAborted();
    const now = clock.now();
    const turn = Math.max(now, free);
    free = turn + gapMs;
    if (turn > now) await clock.sleepUntil(turn, signal);
  };
}
