import type { Derived, Event } from '../domain/event.ts';
import type { LoadedReport } from '../domain/loaded.ts';
import { splitSource } from '../domain/names.ts';
import { atOnce, type Steps } from '../kit/steps.ts';
import { kindOf } from './kinds.ts';
import { pairOf } from './pair.ts';
import { summaryEvent } from './summary.ts';

export interface DeriveOptions {
  /** The base is pinned and cannot be read: the report goes out as a baseline, and the summary says so. */
  readonly baseDamaged?: boolean;
}

/** What a report means beside the one before. Pure: the same two reports give the same events and ids, forever. */
export function derive(
  previous: LoadedReport | undefined,
  current: LoadedReport,
  options: DeriveOptions = {},
): readonly Derived[] {
  return atOnce(deriving(previous, current, options));
}

/** The same in steps. */
export function* deriving(
  previous: LoadedReport | undefined,
  current: LoadedReport,
  options: DeriveOptions = {},
): Steps<readonly Derived[]> {
  const pair = pairOf(previous, current, options.baseDamaged ?? false);
  const deriveKind = kindOf(splitSource(current.entry.source).kind);
  const meaning = yield* deriveKind(pair);
  const { events, findings = [], inventory, access = [] } = meaning;
  return [...events.map(always), ...findings, ...inventory, ...access, always(summaryEvent(pair, meaning))];
}

/** No policy holds it back. */
function always(event: Event): Derived {
  return { event, kind: event.kind, changed: true, daily: true };
}
