import { z } from 'zod';
import type { Instant } from '../../../domain/instant.ts';
import { isPast } from '../../../kit/polling.ts';

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
  return parsed.success && isPast(parsed.data.since, now) ? parsed.data : undefined;
}

export function begun(now: Instant, step: State['step'] = 'generating'): State {
  return { step, since: now, polls: 0, gone: 0 };
}
