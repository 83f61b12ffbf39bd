import type { Instant } from './instant.ts';

/** Where time comes from. A test can move it; nothing else reads the machine's clock. */
export interface Clock {
  now(): Instant;
  /** Real milliseconds from now until the instant, never negative: what a timer needs. */
  delayUntil(instant: Instant): number;
  /** Resolves at the instant, or rejects with the signal's reason. */
  sleepUntil(instant: Instant, signal: AbortSignal): Promise<void>;
}
