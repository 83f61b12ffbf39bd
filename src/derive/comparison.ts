import type { CredentialRecord } from '../domain/record.ts';
import type { ParsedReport } from '../domain/report.ts';
import type { CellPairs } from './same-record.ts';
import { isSameRecord } from './same-record.ts';

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
  const { matches, gone } = match(before?.records ?? [], index, after.records.length);
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
