import type { Fault, FaultKind } from '../domain/fault.ts';
import type { Instant } from '../domain/instant.ts';
import { fullJitterMs } from '../kit/backoff.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Who has to move decides how long we wait: the network and the cloud recover by themselves, a person needs minutes. */
const BACKOFF: Readonly<Record<FaultKind, { readonly baseMs: number; readonly capMs: number }>> = {
  throttled: { baseMs: 5 * SECOND, capMs: 5 * MINUTE },
  unreachable: { baseMs: 2 * SECOND, capMs: 5 * MINUTE },
  denied: { baseMs: 5 * MINUTE, capMs: 10 * MINUTE },
  misconfigured: { baseMs: 5 * MINUTE, capMs: 10 * MINUTE },
  malformed: { baseMs: 5 * MINUTE, capMs: 10 * MINUTE },
};

/** When to try again after the `attempt`-th failure in a row; the other side's own wish comes first. */
export function retryAt(fault: Fault, attempt: number, now: Instant): Instant {
  const { baseMs, capMs } = BACKOFF[fault.kind];
  return now + Math.max(fault.retryAfterMs ?? 0, fullJitterMs(attempt, baseMs, capMs));
}

/** A hiccup that passes by itself is not worth an alarm; what a person must mend is, at once. */
export function isAlarming(fault: Fault, attempt: number): boolean {
  return fault.kind === 'throttled' || fault.kind === 'unreachable' ? attempt >= 3 : true;
}
