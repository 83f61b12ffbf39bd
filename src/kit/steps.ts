import { breathe } from './breathe.ts';

/** Long work that can be left between two steps, and gives its result at the end. Each step is short: a millisecond or two. */
export type Steps<T> = Generator<undefined, T>;

/** Long enough that leaving costs nothing, short enough that nobody notices the wait. */
const TURN_MS = 10;

/** All of it, now: for small work, and where nobody else waits for the process. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** All of it, in turns with everything else that the process does. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const until = performance.now() + TURN_MS;
    do {
      const step = steps.next();
      if (step.done === true) return step.value;
    } while (performance.now() < until);
    await breathe();
  }
}
