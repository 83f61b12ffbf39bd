import type { Clock } from '../domain/clock.ts';
import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/instant.ts';
import { fullJitterMs } from './backoff.ts';
import { lanes } from './lanes.ts';
import { rateLimit } from './rate.ts';

const MOST_THROTTLED = 6;
const MOST_FAILED = 3;
const PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 20_000;

/** One budget of calls: nobody asks while the other side wants a pause. */
export interface Budget {
  /** Resolves when it is the caller's turn; what it resolves to is called when the call has ended. */
  readonly turn: (signal: AbortSignal) => Promise<() => void>;
  restUntil: Instant;
}

/** Where no quota is known: so many in a second leave. */
export function budgetOf(perSecond: number, clock: Clock): Budget {
  const pace = rateLimit(perSecond, clock);
  const turn = async (signal: AbortSignal) => {
    await pace(signal);
    return () => {};
  };
  return { turn, restUntil: 0 };
}

/** Where the other side counts: no more than so many arrive in any second, however long the way is. */
export function quotaOf(perSecond: number, clock: Clock): Budget {
  return { turn: lanes(perSecond, clock), restUntil: 0 };
}

/** Asks within a budget, and again after a pause where that may help. */
export type Asker = <T>(call: () => Promise<T>) => Promise<T>;

type IsExpired = (fault: Fault) => boolean;

/** `isExpired`: the credentials are over, and are looked up again by the next call. */
export function askerOf(budget: Budget, clock: Clock, signal: AbortSignal, isExpired: IsExpired): Asker {
  return async (call) => {
    for (let throttled = 0, failed = 0, expired = 0; ; ) {
      const end = await turn(budget, clock, signal);
      try {
        return await call();
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof Fault)) throw error;
        if (error.kind === 'throttled') throttled += 1;
        else if (error.kind === 'unreachable') failed += 1;
        else if (expired === 0 && isExpired(error)) expired += 1;
        else throw error;
        if (throttled > MOST_THROTTLED || failed >= MOST_FAILED) throw error;
        if (error.kind === 'denied') continue;
        const pauseMs = error.retryAfterMs ?? fullJitterMs(throttled + failed, PAUSE_MS, LONGEST_PAUSE_MS);
        budget.restUntil = Math.max(budget.restUntil, clock.now() + pauseMs);
      } finally {
        end();
      }
    }
  };
}

async function turn(budget: Budget, clock: Clock, signal: AbortSignal): Promise<() => void> {
  while (budget.restUntil > clock.now()) await clock.sleepUntil(budget.restUntil, signal);
  const end = await budget.turn(signal);
  if (budget.restUntil <= clock.now()) return end;
  end();
  return turn(budget, clock, signal);
}
