import type { Field, Reason } from '../domain/record.ts';
import { mapped, type Steps } from './steps.ts';
import type { Table } from './table.ts';

const MOST_ODDITIES = 200;

/** Shared, because most cells of a report are one of these. */
export const NEVER = reason('never');
export const ABSENT = reason('absent');
export const UNSUPPORTED = reason('unsupported');
export const NO_COLUMN = reason('unknown', 'the report has no such column');
export const TRUE: Field<boolean> = { value: true };
export const FALSE: Field<boolean> = { value: false };

export type Empty = { readonly reason: Reason; readonly why?: string };

export function reason(name: Reason, why?: string): Empty {
  return why === undefined ? { reason: name } : { reason: name, why };
}

/** A cloud writes `true` or `TRUE`; what a report went through on its way may write `True`. */
export function booleanIn(cell: string): Field<boolean> | undefined {
  if (cell === 'true' || cell === 'TRUE' || cell === 'True') return TRUE;
  return cell === 'false' || cell === 'FALSE' || cell === 'False' ? FALSE : undefined;
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

/** What is made of each row while the reader stands on it. */
export function readingRows<T>({ rows, lines }: Table, reader: RowReader, make: () => T): Steps<T[]> {
  return mapped(rows.entries(), ([index, row]) => {
    reader.row = row;
    reader.line = lines[index] ?? 0;
    return make();
  });
}

/** Notes a cell that was not understood: it is unknown, and named. */
export function oddCell(reader: RowReader, at: number, cell: string, expected: string): Empty {
  const shown = JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);
  reader.oddCells += 1;
  reader.lastOdd = { line: reader.line, column: at };
  if (reader.oddities.length < MOST_ODDITIES) {
    reader.oddities.push(`row ${reader.line} column ${reader.columns[at] ?? at}: ${shown} is not ${expected}`);
  }
  return reason('unknown', `${shown} is not ${expected}`);
}

/** All that was odd, in words. */
export function odditiesOf(reader: RowReader): readonly string[] {
  const untold = reader.oddCells - reader.oddities.length;
  return untold > 0 ? [...reader.oddities, `${untold} more cells were not understood`] : reader.oddities;
}
