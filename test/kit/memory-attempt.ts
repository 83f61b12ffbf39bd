import type { Attempt } from '../../src/domain/attempt.ts';
import type { Instant } from '../../src/domain/instant.ts';

/** An attempt that lives as long as the test; two connections given the same one share its answers. */
export function memoryAttempt(startedAt: Instant): Attempt & { readonly answers: Map<string, Uint8Array> } {
  const answers = new Map<string, Uint8Array>();
  return {
    startedAt,
    answers,
    get: async (key) => answers.get(key),
    put: async (key, bytes) => {
      if (!answers.has(key)) answers.set(key, bytes);
    },
    giveUp: async () => answers.clear(),
  };
}

/** As a process has it that is killed when the signal fires: nothing is read or kept any more, not even in haste. */
export function mortal(attempt: Attempt, signal: AbortSignal): Attempt {
  return {
    startedAt: attempt.startedAt,
    async get(key) {
      signal.throwIfAborted();
      return attempt.get(key);
    },
    async put(key, bytes) {
      signal.throwIfAborted();
      await attempt.put(key, bytes);
    },
    async giveUp() {
      signal.throwIfAborted();
      await attempt.giveUp();
    },
  };
}
