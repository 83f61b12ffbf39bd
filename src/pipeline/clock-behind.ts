import { formatInstant, type Instant } from '../domain/instant.ts';
import { isNews } from './shared-fault.ts';
import type { Stage } from './stage.ts';

/** The clocks of two machines may differ by so much. */
const TOLERATED_MS = 5 * 60_000;
const HOUR_MS = 60 * 60_000;

/** By how much this clock is behind the newest that was collected: it was set back, or another one was ahead. Nought where it is well. */
export function clockBehindMs(collected: Iterable<Instant>, now: Instant): number {
  let newest = now;
  for (const instant of collected) newest = Math.max(newest, instant);
  return newest - now > TOLERATED_MS ? newest - now : 0;
}

/** What a clock is behind of. */
export const NEWEST_REPORT = 'the archive holds a report that was collected at';
export const LAST_LOOK = 'the last look at the archive was at';

export function clockInWords(behindMs: number, now: Instant, witness = NEWEST_REPORT): string {
  const newest = formatInstant(now + behindMs);
  return `this machine's clock is wrong, or another's was: it says ${formatInstant(now)}, and ${witness} ${newest}; until then nothing that is due is seen; set it by NTP`;
}

export function warnOfClock(behindMs: number, stage: Stage): void {
  if (behindMs > 0 && isNews('clock', stage, HOUR_MS))
    stage.observe({ kind: 'warning', message: clockInWords(behindMs, stage.clock.now()) });
}
