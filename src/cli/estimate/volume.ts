import { Buffer } from 'node:buffer';
import { derive } from '../../derive/derive.ts';
import { type Selection, selects } from '../../derive/select.ts';
import { type Derived, EVENT_KINDS, type EventKind } from '../../domain/event.ts';
import type { Instant } from '../../domain/instant.ts';
import type { LoadedReport } from '../../domain/loaded.ts';
import { type Format, linesOf } from '../../formats/format.ts';

const DAY_MS = 86_400_000;

/** Where events go, as far as it decides how many and how long. */
export interface Route {
  readonly name: string;
  readonly format: Format;
  readonly policy: Selection;
}

/** Lines, and their bytes with a line end each, before any compression. */
export interface Volume {
  readonly events: number;
  readonly bytes: number;
}

export type Volumes = Readonly<Record<EventKind, Volume>>;

export interface Estimate {
  readonly perDay: Volumes;
  /** What the first report sends, once: the baseline. */
  readonly first: Volumes;
}

const NOTHING: Volume = { events: 0, bytes: 0 };
export const NONE: Volumes = each(() => NOTHING);

export interface Compared {
  /** Undefined of the first report of a source. */
  readonly base: LoadedReport | undefined;
  readonly current: LoadedReport;
}

/**
 * What a source sends in a day: as often as its cloud makes a report, the mean of the reports that were looked at, and once a day what only the
 * first report of a day brings. By the code that delivers: derive, select, encode.
 */
export async function estimateOf(
  reports: AsyncIterable<Compared> | Iterable<Compared>,
  routes: readonly Route[],
): Promise<readonly Estimate[] | undefined> {
  let newest: Compared | undefined;
  let sameDay: readonly Volumes[] = [];
  let count = 0;
  let ordinary = routes.map(() => NONE);
  for await (const report of reports) {
    sameDay = sentOf(withBaseAt(report, report.current.entry.generatedAt), routes);
    ordinary = ordinary.map((sum, index) => both(sum, sameDay[index] ?? NONE, 1));
    count += 1;
    newest = report;
  }
  if (newest === undefined) return undefined;
  const { current } = newest;
  const newDay = sentOf(withBaseAt(newest, current.entry.generatedAt - DAY_MS), routes);
  const first = sentOf({ base: undefined, current }, routes);
  const reportsPerDay = DAY_MS / current.context.every_ms;
  return ordinary.map((sum, index) => {
    const daily = both(newDay[index] ?? NONE, sameDay[index] ?? NONE, -1);
    return {
      perDay: both(scaled(sum, reportsPerDay / count), daily, Math.min(1, reportsPerDay)),
      first: first[index] ?? NONE,
    };
  });
}

/** Whether a report is the first of its day follows from the time of its base; a source with one report alone is taken to stay as it is. */
function withBaseAt({ base, current }: Compared, generatedAt: Instant): Compared {
  const report = base ?? current;
  return { base: { ...report, entry: { ...report.entry, generatedAt } }, current };
}

function sentOf({ base, current }: Compared, routes: readonly Route[]): readonly Volumes[] {
  const sums = routes.map(() => each(() => ({ ...NOTHING })));
  for (const derived of derive(base, current)) add(derived, routes, sums);
  return sums;
}

type Sums = Record<EventKind, { events: number; bytes: number }>;

function add(derived: Derived, routes: readonly Route[], sums: readonly Sums[]): void {
  const sizes = new Map<Format, Volume>();
  for (const [index, { format, policy }] of routes.entries()) {
    if (!selects(policy, derived)) continue;
    const { event } = derived;
    const size = sizes.get(format) ?? sizeOf(derived, format);
    sizes.set(format, size);
    const sum = sums[index]?.[event.kind];
    if (sum === undefined) continue;
    sum.events += size.events;
    sum.bytes += size.bytes;
  }
}

function sizeOf({ event }: Derived, format: Format): Volume {
  let [events, bytes] = [0, 0];
  for (const { text } of linesOf(format, event)) {
    events += 1;
    bytes += Buffer.byteLength(text) + 1;
  }
  return { events, bytes };
}

export function scaled(volumes: Volumes, factor: number): Volumes {
  return both(NONE, volumes, factor);
}

/** The first, and so many times the second. */
export function both(one: Volumes, other: Volumes, factor: number): Volumes {
  return each((kind) => ({
    events: one[kind].events + factor * other[kind].events,
    bytes: one[kind].bytes + factor * other[kind].bytes,
  }));
}

export function total(volumes: Volumes): Volume {
  const all = Object.values(volumes);
  return {
    events: all.reduce((sum, { events }) => sum + events, 0),
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function each<T>(of: (kind: EventKind) => T): Record<EventKind, T> {
  return Object.fromEntries(EVENT_KINDS.map((kind) => [kind, of(kind)])) as Record<EventKind, T>; // a key for each kind
}
