import type { Instant } from '../../../domain/instant.ts';

const DAY_MS = 86_400_000;
/** ActionTrail's AccessKey audit: from then on, and at most so far back. */
const KEYS_BEGAN = Date.UTC(2022, 1, 1);
const KEYS_KEPT_MS = 400 * DAY_MS;

/** From when on a use of a key would have been seen. */
export function keysTrackedSince(created: Instant | undefined, startedAt: Instant): Instant {
  return Math.max(created ?? 0, KEYS_BEGAN, startedAt - KEYS_KEPT_MS);
}
