import { setTimeout as pause } from 'node:timers/promises';

/** Waits for a condition, never for milliseconds; fails with the words that say what did not happen. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 15_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`it did not happen in ${timeoutMs} ms: ${what}`);
    await pause(10);
  }
}
