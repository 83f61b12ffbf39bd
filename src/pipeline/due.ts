import type { Instant } from '../domain/instant.ts';
import type { SourceName } from '../domain/names.ts';
import type { ReportEntry } from '../domain/report.ts';
import { sha256 } from '../kit/hash.ts';

const SPREAD_PER_CADENCE = 240; // a minute in four hours

/**
 * The four-hour rule. A source is due one cadence after the cloud last looked (the head, or a newer report in
 * quarantine), plus a spread that is a hash of its name, so that many accounts do not ask in the same second.
 * `everyMs` is never below the cloud's cadence (config/ refuses it) unless the account points at a simulator.
 */
export function dueAt(source: SourceName, newest: Instant, everyMs: number): Instant {
  return newest + everyMs + spreadMs(source, everyMs / SPREAD_PER_CADENCE);
}

/** When the cloud last looked, as far as we hold it. Undefined when we hold nothing. */
export function newestKnown(
  head: ReportEntry | undefined,
  quarantined: readonly { readonly generatedAt: Instant }[],
): Instant | undefined {
  const known = [head, ...quarantined].flatMap((report) => (report ? [report.generatedAt] : []));
  return known.length === 0 ? undefined : Math.max(...known);
}

/** Sources without a report are taken one a second, or all within one tick when there are many. */
export function coldStartAt(now: Instant, position: number, count: number, tickMs: number): Instant {
  return Math.round(now + position * Math.min(1_000, tickMs / Math.max(1, count)));
}

function spreadMs(source: SourceName, withinMs: number): number {
  const fraction = Number.parseInt(sha256(source).slice(0, 8), 16) / 2 ** 32;
  return Math.floor(fraction * withinMs);
}
