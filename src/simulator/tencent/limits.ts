import type { Instant } from '../../domain/instant.ts';

const WINDOW_MS = 1_000;

export interface Limits {
  /** False when this one is more than the limit allows in the second that ends now; such a call does not count. */
  admits(key: string, now: Instant): boolean;
}

/** So many in any second, wherever it begins: stricter than a window that begins anew, so that whoever keeps this one keeps all. */
export function createLimits(perSecond: number): Limits {
  const admitted = new Map<string, Instant[]>();
  return {
    admits(key, now) {
      const recent = (admitted.get(key) ?? []).filter((at) => at > now - WINDOW_MS);
      admitted.set(key, recent);
      if (recent.length >= perSecond) return false;
      recent.push(now);
      return true;
    },
  };
}
