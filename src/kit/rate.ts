import type { Clock } from '../domain/clock.ts';
import type { Instant } from '../domain/instant.ts';
import type { Pace } from './pace.ts';

/** What leaves a second apart may arrive a little less than that apart. */
const SECOND_MS = 1_050;

/**
 * Lets at most so many through in any second, wherever that second begins: one after the other, each a gap after the one before
 * really left. After a stall nothing is made up for, as pace() does; a cloud that counts would refuse it.
 */
export function rateLimit(perSecond: number, clock: Clock): Pace {
  const gapMs = SECOND_MS / perSecond;
  let passedAt: Instant | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function pass(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (passedAt !== undefined && passedAt + gapMs > clock.now()) await clock.sleepUntil(passedAt + gapMs, signal);
    passedAt = clock.now();
  }

  return (signal) => {
    const turn = last.then(() => pass(signal));
    last = turn.catch(() => undefined);
    return turn;
  };
}
