import type { z } from 'zod';
import type { Clock } from '../domain/clock.ts';
import type { Fault } from '../domain/fault.ts';
import type { Observe } from '../domain/happening.ts';
import type { SinkName } from '../domain/names.ts';

/** One event, written by the sink's format. No newline inside or at the end. */
export interface Encoded {
  readonly id: string;
  readonly text: string;
}

/** What became of a batch. Every item is in exactly one of the three. */
export interface SendOutcome {
  /** Positively accepted, durable as far as the target tells. */
  readonly delivered: readonly Encoded[];
  /** Worth sending again, these items only. */
  readonly retry?: { readonly items: readonly Encoded[]; readonly fault: Fault };
  /** Will never be accepted: dead letters. */
  readonly rejected: readonly { readonly item: Encoded; readonly reason: string }[];
}

/** One open destination. Retries, back-off, batching, receipts and dead letters belong to the pipeline. */
export interface Sink {
  readonly limits: { readonly maxEvents: number; readonly maxBytes: number };
  /** Mimics the real write as far as the target allows, without leaving an event behind. Throws a Fault. */
  check(signal: AbortSignal): Promise<void>;
  /** Throws a Fault when nothing is known of the whole batch: `denied` and `misconfigured` hold the sink. */
  send(batch: readonly Encoded[], signal: AbortSignal): Promise<SendOutcome>;
  close(): Promise<void>;
}

export interface SinkTools {
  readonly name: SinkName;
  readonly clock: Clock;
  readonly observe: Observe;
}

/** A kind of destination: one folder and one registry line. */
export interface SinkPlugin {
  readonly type: string;
  /** The sink's own keys in YAML; strict, with defaults. */
  readonly settings: z.ZodType;
  /** What it points at, for messages and for the start object; never a secret. */
  target(settings: unknown): string;
  open(settings: unknown, tools: SinkTools): Promise<Sink>;
}
