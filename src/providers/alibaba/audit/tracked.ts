import type { Instant } from '../../../domain/instant.ts';
import { LONGEST_AUDIT_MS } from '../../../kit/shift.ts';

const DAY_MS = 86_400_000;
/** ActionTrail's AccessKey audit: from then on, and at most so far back. */
const KEYS_BEGAN = Date.UTC(2022, 1, 1);
const KEYS_KEPT_MS = 400 * DAY_MS;
/** How far back events can be looked up: 90 days of the moment of asking, which may be long after a report began. */
export const EVENTS_KEPT_MS = 90 * DAY_MS - LONGEST_AUDIT_MS - 60 * 60_000;

/** From when on a use of a key would have been seen. */
export function keysTrackedSince(created: Instant | undefined, startedAt: Instant): Instant {
  return Math.max(created ?? 0, KEYS_BEGAN, startedAt - KEYS_KEPT_MS);
}
