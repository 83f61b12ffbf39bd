import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Part } from '../domain/report.ts';
import { groupBy } from './group-by.ts';

const compress = promisify(deflate);
const decompress = promisify(inflate);

/** Events one by one, as a trail told them. */
const EVENTS_PART = 'events.jsonl';
/** A report is put together in memory. */
const MOST_MIB = 64;
const MIB = 1_048_576;
/** How the line of `not_visible` begins. */
const NOT_ONE_BY_ONE = 'events one by one of ';

/** What a trail was asked of one key. */
export interface AskedOfKey {
  readonly key: string;
  readonly regions: readonly string[];
  readonly from: Instant;
  readonly to: Instant;
  /** What is older than `from` was told to the reports before; else nothing that they tell of this key and these regions counts. */
  readonly goesOn: boolean;
}

export interface ToldEvent {
  /** Where it was told. */
  readonly region: string;
  readonly event: object;
}

/** Lines of one key, until the report is put together. */
export interface PackedEvents {
  readonly key: string;
  readonly events: number;
  readonly bytes: number;
  readonly packed: Uint8Array;
}

/** One line of what was asked, and one for each event. */
export async function packEvents(asked: AskedOfKey, told: readonly ToldEvent[]): Promise<PackedEvents> {
  const { key, regions, from, to, goesOn } = asked;
  const span = { from: formatInstant(from), to: formatInstant(to) };
  const head = { key, regions, ...span, goes_on: goesOn, events: told.length };
  const bytes = Buffer.concat([head, ...told.map(({ region, event }) => ({ key, region, event }))].map(lineOf));
  return { key, events: told.length, bytes: bytes.length, packed: await compress(bytes) };
}

export interface EventsOfReport {
  readonly part: Part;
  /** For `not_visible`: what did not fit. */
  readonly missing: readonly string[];
}

/** As many keys as fit, those with few events first; of each other a line says how many events are left out. */
export async function eventsOfReport(all: readonly PackedEvents[], mostMib = MOST_MIB): Promise<EventsOfReport> {
  const byKey = groupBy(all, ({ key }) => key);
  const leftOut = tooMany(byKey, mostMib * MIB);
  const chunks: Uint8Array[] = [];
  for (const [key, ofKey] of byKey) {
    if (leftOut.has(key)) chunks.push(lineOf({ key, left_out: sum(ofKey, 'events') }));
    else for (const { packed } of ofKey) chunks.push(await decompress(packed));
  }
  const which = leftOut.size === 1 ? '1 key, which has' : `${leftOut.size} keys, which have`;
  const missing = leftOut.size === 0 ? [] : [`${NOT_ONE_BY_ONE}${which} more than ${mostMib} MiB`];
  return { part: { name: EVENTS_PART, bytes: Buffer.concat(chunks) }, missing };
}

function tooMany(byKey: ReadonlyMap<string, readonly PackedEvents[]>, most: number): ReadonlySet<string> {
  const leftOut = new Set<string>();
  const sizes = [...byKey].map(([key, ofKey]) => ({ key, bytes: sum(ofKey, 'bytes') }));
  let size = 0;
  for (const { key, bytes } of sizes.toSorted((one, other) => one.bytes - other.bytes)) {
    size += bytes;
    if (size > most) leftOut.add(key);
  }
  return leftOut;
}

function sum(packed: readonly PackedEvents[], what: 'events' | 'bytes'): number {
  return packed.reduce((total, one) => total + one[what], 0);
}

function lineOf(value: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
