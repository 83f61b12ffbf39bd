import type { Instant } from './instant.ts';

/**
 * Where a kind that asks many questions keeps the answers, so that a crash goes on from there: write-once, and shared by
 * all who collect this report. Keys are safe names such as `users-0001`; personal data is cut out before it is put.
 */
export interface Attempt {
  /** The generatedAt of the report that is put together. */
  readonly startedAt: Instant;
  get(key: string): Promise<Uint8Array | undefined>;
  /** Keeps the first answer: whoever comes second uses what is there. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** What is kept cannot be gone on with: the next look begins anew. */
  giveUp(): Promise<void>;
}
