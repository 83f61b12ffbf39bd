import { setMaxListeners } from 'node:events';
import type { Clock } from '../domain/clock.ts';
import type { Instant } from '../domain/instant.ts';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function systemClock(): Clock {
  return clockOf(() => Date.now(), 1);
}

/** Runs `rate` times as fast as the machine's clock, from `start`: for tests that live through days. */
export function scaledClock(start: Instant, rate: number): Clock {
  const began = performance.now();
  return clockOf(() => Math.round(start + (performance.now() - began) * rate), rate);
}

function clockOf(now: () => Instant, rate: number): Clock {
  const delayUntil = (instant: Instant) => Math.max(0, (instant - now()) / rate);
  return { now, delayUntil, sleepUntil: (instant, signal) => sleep(() => delayUntil(instant), signal) };
}

/** Timers hold at most 24 days: longer waits are taken in pieces. */
async function sleep(remainingMs: () => number, signal: AbortSignal): Promise<void> {
  for (let ms = remainingMs(); ms > 0; ms = remainingMs()) await timer(Math.min(ms, LONGEST_TIMER_MS), signal);
  signal.throwIfAborted();
}

function timer(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const onAbort = () => {
      clearTimeout(handle);
      reject(signal.reason as Error);
    };
    const handle = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    setMaxListeners(0, signal); // many wait on one signal, and Node would call that a leak on stderr
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
