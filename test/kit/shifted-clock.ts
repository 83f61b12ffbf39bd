import type { Clock } from '../../src/domain/clock.ts';
import { systemClock } from '../../src/kit/clock.ts';

/** The machine's clock, if it were this much ahead. */
export function shiftedClock(aheadMs: number): Clock {
  const clock = systemClock();
  return {
    ...clock,
    now: () => clock.now() + aheadMs,
    sleepUntil: (at, signal) => clock.sleepUntil(at - aheadMs, signal),
  };
}
