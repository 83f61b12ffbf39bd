import type { CredentialRecord } from '../domain/record.ts';
import type { ParsedReport } from '../domain/report.ts';
import type { CellPairs } from './same-record.ts';
import { isSameIdentity, isSameRecord } from './same-record.ts';

/** A record of the current report beside the one of the same name in the report before. */
export interface Row {
  readonly record: CredentialRecord;
  readonly before: CredentialRecord | undefined;
  readonly changed: boolean;
  /** Above 0 only where a report names one identity twice. */
  readonly ordinal: number;
}

export interface Comparison {
  readonly rows: readonly Row[];
  readonly gone: readonly CredentialRecord[];
}

/** Matches two reports' records by the cloud's own name; the order of rows and columns takes no part. */
export function compare(before: ParsedReport | undefined, after: ParsedReport): Comparison {
  const index = indexOf(after.records);
  const byName = match(before?.records ?? [], index, after.records.length);
  const { matches, gone } = withRenamed(byName, after.records);
  const unknown = before === undefined ? [] : unknownCells(before, after);
  const rows = after.records.map((record, place): Row => {
    const match = matches[place];
    const changed = match === undefined || !isSameRecord(match, record, unknown);
    return { record, before: match, changed, ordinal: index.ordinals.get(place) ?? 0 };
  });
  return { rows, gone };
}

/** Columns that Muster does not understand and that both reports have: a change in one is a change. */
function unknownCells(before: ParsedReport, after: ParsedReport): CellPairs {
  return after.unknownColumns
    .map((column) => [before.columns.indexOf(column), after.columns.indexOf(column)] as const)
    .filter(([old, now]) => old !== -1 && now !== -1);
}

interface Index {
  readonly places: ReadonlyMap<string, number>;
  /** By place, of those that name an identity again. Nearly every report names each once. */
  readonly ordinals: ReadonlyMap<number, number>;
  readonly again: ReadonlyMap<string, readonly number[]>;
}

function indexOf(records: readonly CredentialRecord[]): Index {
  const places = new Map<string, number>();
  const ordinals = new Map<number, number>();
  const again = new Map<string, number[]>();
  records.forEach(({ identity }, place) => {
    if (!places.has(identity.id)) {
      places.set(identity.id, place);
      return;
    }
    const further = again.get(identity.id) ?? [];
    further.push(place);
    again.set(identity.id, further);
    ordinals.set(place, further.length);
  });
  return { places, ordinals, again };
}

/** The record before of each place, and those that have none now. */
function match(before: readonly CredentialRecord[], { places, again }: Index, size: number) {
  const matches: (CredentialRecord | undefined)[] = Array.from({ length: size });
  const gone: CredentialRecord[] = [];
  for (const record of before) {
    const { id } = record.identity;
    const first = places.get(id);
    const isFree = first !== undefined && matches[first] === undefined;
    const place = isFree ? first : again.get(id)?.find((place) => matches[place] === undefined);
    if (place === undefined) gone.push(record);
    else matches[place] = record;
  }
  return { matches, gone };
}

interface Match {
  readonly matches: readonly (CredentialRecord | undefined)[];
  readonly gone: readonly CredentialRecord[];
}

/** Who has no partner of the same name, or one that the cloud says is another, may have one under another name: the unique id tells. */
function withRenamed(byName: Match, records: readonly CredentialRecord[]): Match {
  const others = byName.matches.filter((before, place) => before !== undefined && !isSame(before, records[place]));
  const lost = byUniqueId([...byName.gone, ...others]);
  if (lost.size === 0) return byName;
  const newPlaces = new Map<CredentialRecord, number>();
  records.forEach((record, place) => {
    const { uniqueId } = record.identity;
    const was = uniqueId === undefined ? undefined : lost.get(uniqueId);
    const named = byName.matches[place];
    if (was === undefined || !isSame(was, record) || (named !== undefined && isSame(named, record))) return;
    newPlaces.set(was, place);
    lost.delete(was.identity.uniqueId ?? '');
  });
  if (newPlaces.size === 0) return byName;
  const matches = byName.matches.map((one) => (one !== undefined && newPlaces.has(one) ? undefined : one));
  for (const [was, place] of newPlaces) matches[place] = was;
  const kept = new Set(matches);
  const gone = [...byName.gone, ...others].flatMap((one) => (one === undefined || kept.has(one) ? [] : [one]));
  return { matches, gone };
}

function isSame(before: CredentialRecord, after: CredentialRecord | undefined): boolean {
  return after !== undefined && isSameIdentity(before.identity, after.identity);
}

function byUniqueId(records: readonly (CredentialRecord | undefined)[]): Map<string, CredentialRecord> {
  const known = new Map<string, CredentialRecord>();
  for (const record of records) {
    if (record?.identity.uniqueId !== undefined) known.set(record.identity.uniqueId, record);
  }
  return known;
}
