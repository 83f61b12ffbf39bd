import type { Observe } from '../domain/happening.ts';

const QUIET_MS = 10_000;

/** During an outage a driver reports the same error many times a second: one warning of a kind in ten seconds is enough. */
export function rareWarnings(observe: Observe, elapsedMs: () => number = () => performance.now()) {
  const saidAt = new Map<string, number>();
  return (kind: string, message: string): void => {
    const last = saidAt.get(kind);
    if (last !== undefined && elapsedMs() - last < QUIET_MS) return;
    saidAt.set(kind, elapsedMs());
    observe({ kind: 'warning', message });
  };
}

export type Warn = ReturnType<typeof rareWarnings>;
