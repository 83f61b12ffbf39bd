import { setMaxListeners } from 'node:events';
import type { Clock } from '../../src/domain/clock.ts';
import type { Instant } from '../../src/domain/instant.ts';

interface Sleeper {
  readonly instant: Instant;
  readonly wake: () => void;
}

export interface MovableClock extends Clock {
  move(ms: number): void;
  readonly sleepers: number;
}

/** Time stands still until a test moves it; sleepers whose instant has come wake up. */
export function movableClock(start: Instant = Date.UTC(2026, 10, 20, 9)): MovableClock {
  let now = start;
  let sleepers: Sleeper[] = [];
  const wakeDue = () => {
    const due = sleepers.filter((sleeper) => sleeper.instant <= now);
    sleepers = sleepers.filter((sleeper) => sleeper.instant > now);
    for (const sleeper of due) sleeper.wake();
  };
  return {
    now: () => now,
    delayUntil: (instant) => Math.max(0, instant - now),
    sleepUntil: (instant, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const onAbort = () => reject(signal.reason as Error);
        setMaxListeners(0, signal); // as by the real clock
        signal.addEventListener('abort', onAbort, { once: true });
        const wake = () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        };
        sleepers.push({ instant, wake });
        wakeDue();
      }),
    move(ms) {
      now += ms;
      wakeDue();
    },
    get sleepers() {
      return sleepers.length;
    },
  };
}

/** Moves the time by a little whenever somebody waits for it, until the work has ended. */
export async function passing<T>(clock: MovableClock, work: Promise<T>, stepMs = 5): Promise<T> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  done.catch(() => undefined);
  while (!isDone) {
    if (clock.sleepers > 0) clock.move(stepMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return done;
}
