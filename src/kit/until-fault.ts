import type { Clock } from '../domain/clock.ts';
import type { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/instant.ts';
import type { Told } from './asking.ts';

/** Questions that are asked until one fails or the time is up; what ended them is the answer to all that come after. */
export interface UntilFault {
  ask<T>(question: () => Promise<Told<T>>): Promise<Told<T>>;
  readonly fault: Fault | undefined;
}

export function untilFault(clock: Clock, stopAt: Instant, tooLate: () => Fault): UntilFault {
  let fault: Fault | undefined;
  return {
    async ask(question) {
      if (fault === undefined && clock.now() > stopAt) fault = tooLate();
      if (fault !== undefined) return { fault };
      const told = await question();
      if ('fault' in told) fault = told.fault;
      return told;
    },
    get fault() {
      return fault;
    },
  };
}
