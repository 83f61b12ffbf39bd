import { breathe } from './breathe.ts';

/** Long work that can be left between two steps, and gives its result at the end. Each step is short: a millisecond or two. */
export type Steps<T> = Generator<undefined, T>;

/** Long enough that leaving costs nothing, short enough that nobody notices the wait. */
const TURN_MS = 10;

/** Small things, microseconds each, of which so many are one step. */
const ITEMS_OF_STEP = 32;

/** Does the work on each item. */
export function* eachOf<T>(items: Iterable<T>, work: (item: T) => void): Steps<void> {
  let done = 0;
  for (const item of items) {
    work(item);
    done += 1;
    if (done % ITEMS_OF_STEP === 0) yield;
  }
}

/** What is made of each item. */
export function* mapped<T, U>(items: Iterable<T>, make: (item: T) => U): Steps<U[]> {
  const made: U[] = [];
  yield* eachOf(items, (item) => made.push(make(item)));
  return made;
}

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
