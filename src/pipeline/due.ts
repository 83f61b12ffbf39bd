import type { Instant } from '../domain/instant.ts';
import type { SourceName } from '../domain/names.ts';
import type { ReportEntry } from '../domain/report.ts';
import { sha256 } from '../kit/hash.ts';

const MINUTES_PER_CADENCE = 240; // so that a simulator's short cadence has short minutes

/**
 * The four-hour rule. A source is due one cadence after the cloud last looked (the head, or a newer report in
 * quarantine), plus a minute by which our clock may be ahead of the cloud's, plus a spread of up to a minute that is a
 * hash of its name, so that many accounts do not ask in the same second. Whoever asks too early gets the old report,
 * and has spent two calls. `everyMs` is never below the cloud's cadence (config/ refuses it) unless the account points
 * at a simulator.
 */
export function dueAt(source: SourceName, newest: Instant, everyMs: number): Instant {
  const minute = everyMs / MINUTES_PER_CADENCE;
  return newest + everyMs + Math.round(minute) + spreadMs(source, minute);
}

/** Replicas' clocks differ: what is due so soon by ours was due by another's when the job was taken up. */
export function isAlmostDue(due: Instant, now: Instant, everyMs: number): boolean {
  return due - now <= (5 * everyMs) / MINUTES_PER_CADENCE;
}

/** When the cloud last looked, as far as we hold it. Undefined when we hold nothing. */
export function newestKnown(
  head: ReportEntry | undefined,
  quarantined: readonly { readonly generatedAt: Instant; readonly collectedAt: Instant }[],
): Instant | undefined {
  // A quarantined report may claim any time: it was not looked at later than it was fetched.
  const known = [head, ...quarantined].flatMap((report) =>
    report ? [Math.min(report.generatedAt, report.collectedAt)] : [],
  );
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
