import { z } from 'zod';
import type { Instant } from '../../../domain/instant.ts';

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;
const CLOCKS_DIFFER_MS = 5 * 60_000;

/** Small, and without answers of the cloud: it lives in the queue, and comes back untrusted. */
const State = z.strictObject({
  /** `generating`: the cloud makes it. `synthesising`: we do. */
  step: z.enum(['generating', 'synthesising']),
  /** When we first asked for this report. */
  since: z.number().int().nonnegative(),
  polls: z.number().int().min(0).max(10_000),
  /** How often the finished report was gone, or changed while we read its pages. */
  gone: z.number().int().min(0).max(100),
});
export type State = z.infer<typeof State>;

/** Undefined when nothing was begun, or when what came back cannot be ours. */
export function readState(state: unknown, now: Instant): State | undefined {
  const parsed = State.safeParse(state);
  if (!parsed.success || parsed.data.since > now + CLOCKS_DIFFER_MS) return undefined;
  return parsed.data;
}

export function begun(now: Instant, step: State['step'] = 'generating'): State {
  return { step, since: now, polls: 0, gone: 0 };
}

/** Two seconds, growing to thirty; shorter where a report is wanted every few seconds (a demo). */
export function pollDelayMs(state: State, everyMs: number): number {
  const growing = FIRST_WAIT_MS * 2 ** Math.min(state.polls, 10);
  return Math.max(100, Math.min(growing, LONGEST_WAIT_MS, everyMs / 8));
}
