import type { Instant } from '../../../domain/instant.ts';
import type { Field, Reason } from '../../../domain/record.ts';
import { readInstant } from './instant-cell.ts';

const MOST_ODDITIES = 200;

/** Shared, because most cells of a report are one of these. */
export const NEVER = reason('never');
export const ABSENT = reason('absent');
export const UNSUPPORTED = reason('unsupported');
const NO_COLUMN = reason('unknown', 'the report has no such column');
const TRUE: Field<boolean> = { value: true };
const FALSE: Field<boolean> = { value: false };

type Empty = { readonly reason: Reason; readonly why?: string };

export function reason(name: Reason, why?: string): Empty {
  return why === undefined ? { reason: name } : { reason: name, why };
}

/** One row on its way to a record, and where its odd cells are noted. One object serves the whole table. */
export interface RowReader {
  readonly columns: readonly string[];
  readonly oddities: string[];
  oddCells: number;
  row: readonly string[];
  line: number;
  /** The column of the newest odd cell and its line: a table cut short ends in one. */
  lastOdd: { readonly line: number; readonly column: number } | undefined;
}

export function rowReader(columns: readonly string[]): RowReader {
  return { columns, oddities: [], oddCells: 0, row: [], line: 0, lastOdd: undefined };
}

/** `TRUE` is what the documentation prints, `true` what AWS writes. */
export function booleanCell(reader: RowReader, at: number): Field<boolean> {
  const cell = reader.row[at];
  if (cell === 'true' || cell === 'TRUE') return TRUE;
  if (cell === 'false' || cell === 'FALSE') return FALSE;
  if (cell === undefined) return NO_COLUMN;
  if (cell === 'not_supported' || cell === 'N/A') return UNSUPPORTED;
  return odd(reader, at, cell, 'true or false');
}

/** `notApplicable` is what `N/A` means in this column. */
export function instantCell(reader: RowReader, at: number, notApplicable: Field<Instant>): Field<Instant> {
  const cell = reader.row[at];
  if (cell === undefined) return NO_COLUMN;
  if (cell === 'N/A') return notApplicable;
  const instant = readInstant(cell);
  if (instant !== undefined) return { value: instant };
  if (cell === 'no_information') return NEVER;
  if (cell === 'not_supported') return UNSUPPORTED;
  return odd(reader, at, cell, 'a date with its zone');
}

export function textCell(reader: RowReader, at: number, notApplicable: Field<string>): Field<string> {
  const cell = reader.row[at];
  if (cell === undefined) return NO_COLUMN;
  if (cell === 'N/A') return notApplicable;
  if (cell === 'not_supported') return UNSUPPORTED;
  if (cell === 'no_information') return NEVER;
  return cell === '' ? odd(reader, at, cell, 'text') : { value: cell };
}

function oddCell(reader: RowReader, at: number, what: string): void {
  reader.oddCells += 1;
  reader.lastOdd = { line: reader.line, column: at };
  if (reader.oddities.length < MOST_ODDITIES) {
    reader.oddities.push(`row ${reader.line} column ${reader.columns[at] ?? at}: ${what}`);
  }
}

/** All that was odd, in words. */
export function odditiesOf(reader: RowReader): readonly string[] {
  const untold = reader.oddCells - reader.oddities.length;
  return untold > 0 ? [...reader.oddities, `${untold} more cells were not understood`] : reader.oddities;
}

function odd(reader: RowReader, at: number, cell: string, expected: string): Empty {
  const shown = JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);
  oddCell(reader, at, `${shown} is not ${expected}`);
  return reason('unknown', `${shown} is not ${expected}`);
}
