import type { Clock } from '../domain/clock.ts';
import type { Instant } from '../domain/instant.ts';

/** The time inside the simulated clouds: the given clock, moved by `offsetMs`. */
export interface SimulatedClock {
  now(): Instant;
  readonly offsetMs: number;
  advance(ms: number): void;
  set(instant: Instant): void;
}

export function simulatedClock(clock: Clock): SimulatedClock {
  let offsetMs = 0;
  return {
    now: () => clock.now() + offsetMs,
    get offsetMs() {
      return offsetMs;
    },
    advance(ms) {
      offsetMs += ms;
    },
    set(instant) {
      offsetMs = instant - clock.now();
    },
  };
}
