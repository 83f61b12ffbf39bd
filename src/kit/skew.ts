import { systemClock } from './clock.ts';

/** How far the clock of another side is from this machine's, which is the one that requests are signed by. */
export interface SkewMeter {
  /** The Date header of an answer, or whatever came in its place. */
  readonly heard: (date: unknown) => void;
  /** By how much the other side was ahead at its newest answer; within a second. */
  readonly skewMs: () => number | undefined;
}

export function skewMeter(clock = systemClock()): SkewMeter {
  let skew: number | undefined;
  return {
    heard(date) {
      const told = typeof date === 'string' ? Date.parse(date) : Number.NaN;
      if (!Number.isNaN(told)) skew = told + 500 - clock.now();
    },
    skewMs: () => skew,
  };
}
