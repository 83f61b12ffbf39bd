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
