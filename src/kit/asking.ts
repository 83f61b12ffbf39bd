import type { Clock } from '../domain/clock.ts';
import { Fault } from '../domain/fault.ts';
import type { Pace } from './pace.ts';

const RETRIES = 3;
const RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 30_000;

/** What may fail without failing the whole: the answer, or why there is none. */
export type Told<T> = { readonly told: T } | { readonly fault: Fault };

/** Who asks: at which pace, by which clock, until when. */
export interface Asker {
  readonly pace: Pace;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Asks again after half a minute where the other side wants a longer pause; without it that is a fault at once. */
  readonly isImpatient?: boolean;
}

/** In turn, and again after a pause while the other side throttles. Rejects only when the signal fires. */
export async function ask<T>(call: () => Promise<T>, asker: Asker): Promise<Told<T>> {
  for (let retry = 0; ; retry += 1) {
    await asker.pace(asker.signal);
    try {
      return { told: await call() };
    } catch (error) {
      asker.signal.throwIfAborted();
      if (!(error instanceof Fault)) throw error;
      const wantedMs = error.retryAfterMs ?? RETRY_MS * 2 ** retry;
      const pauseMs = asker.isImpatient === true ? Math.min(wantedMs, LONGEST_RETRY_MS) : wantedMs;
      if (error.kind !== 'throttled' || retry === RETRIES || pauseMs > LONGEST_RETRY_MS) return { fault: error };
      await asker.clock.sleepUntil(asker.clock.now() + pauseMs, asker.signal);
    }
  }
}

/** The answer, or the fault thrown. */
export function insist<T>(told: Told<T>): T {
  if ('fault' in told) throw told.fault;
  return told.told;
}
