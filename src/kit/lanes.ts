import type { Clock } from '../domain/clock.ts';
import type { Instant } from '../domain/instant.ts';

/** The other side's second, and what clocks differ. */
const SECOND_MS = 1_050;

interface Lane {
  freeAt: Instant;
  last: Promise<void>;
}

/**
 * So many lanes, each with one call at a time and a second of rest behind it: of a lane's calls no two can arrive within one second,
 * for each leaves a second after the one before has come back. A pace by departures cannot promise that.
 */
export function lanes(perSecond: number, clock: Clock): (signal: AbortSignal) => Promise<() => void> {
  // Another worker, or the process that this one follows, may have asked just now.
  const freeAt = clock.now() + SECOND_MS;
  const all: readonly Lane[] = Array.from({ length: perSecond }, () => ({ freeAt, last: Promise.resolve() }));
  let next = 0;
  return async (signal) => {
    const lane = all[next % all.length];
    next += 1;
    if (lane === undefined) throw new RangeError('no lanes');
    const before = lane.last;
    let release = () => {};
    lane.last = new Promise((resolve) => {
      release = resolve;
    });
    try {
      await before;
      signal.throwIfAborted();
      if (lane.freeAt > clock.now()) await clock.sleepUntil(lane.freeAt, signal);
    } catch (error) {
      release();
      throw error;
    }
    return () => {
      lane.freeAt = clock.now() + SECOND_MS;
      release();
    };
  };
}
