import type { Clock } from '../domain/clock.ts';
import type { Instant } from '../domain/instant.ts';

const KEPT_MS = 5 * 60_000;
/** Even what was refused is not asked for more often. */
const PAUSE_MS = 30_000;

interface Known<T> {
  readonly value: T;
  readonly at: Instant;
}

/** Asks at most once in a while for each name, once for all that wait; what was told once counts on while nothing new is told. */
export function kept<T>(ask: (name: string) => Promise<T>, clock: Clock) {
  const known = new Map<string, Known<T>>();
  const underWay = new Map<string, Promise<T>>();
  const askedAt = new Map<string, Instant>();

  async function renew(name: string): Promise<T> {
    askedAt.set(name, clock.now());
    try {
      const value = await ask(name);
      known.set(name, { value, at: clock.now() });
      return value;
    } catch (error) {
      const last = known.get(name);
      if (last === undefined) throw error;
      return last.value;
    } finally {
      underWay.delete(name);
    }
  }

  return async (name: string, isRefused: boolean): Promise<T> => {
    const last = known.get(name);
    const age = clock.now() - (last?.at ?? Number.NEGATIVE_INFINITY);
    const isPaused = clock.now() - (askedAt.get(name) ?? Number.NEGATIVE_INFINITY) < PAUSE_MS;
    if (last !== undefined && (isPaused || (age < KEPT_MS && !isRefused))) return last.value;
    const asking = underWay.get(name) ?? renew(name);
    underWay.set(name, asking);
    return asking;
  };
}
