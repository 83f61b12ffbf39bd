import type { Instant } from '../../../domain/instant.ts';
import type { Field } from '../../../domain/record.ts';
import {
  ABSENT,
  booleanIn,
  FALSE,
  NO_COLUMN,
  oddCell,
  type RowReader,
  reason,
  TRUE,
  UNSUPPORTED,
} from '../../../kit/row-reader.ts';
import { NONE, NOT_SUPPORTED, whyUnknown } from './tokens.ts';
import { readZoned } from './zone.ts';

/** Long numbers are written with a tab behind them, where a spreadsheet program would spoil them otherwise. */
export function cellAt(reader: RowReader, at: number): string | undefined {
  return reader.row[at]?.trim();
}

export function booleanCell(reader: RowReader, at: number): Field<boolean> {
  const cell = cellAt(reader, at);
  if (cell === undefined) return NO_COLUMN;
  const told = booleanIn(cell);
  if (told !== undefined) return told;
  if (cell === NOT_SUPPORTED || cell === NONE) return UNSUPPORTED;
  return notKnown(reader, at, cell, 'TRUE, FALSE or not_supported');
}

/** `notApplicable` is what `N/A` means in this column. `FALSE` in a column of dates says that there is no password. */
export function instantCell(
  reader: RowReader,
  at: number,
  zone: string,
  notApplicable: Field<Instant>,
): Field<Instant> {
  const cell = cellAt(reader, at);
  if (cell === undefined) return NO_COLUMN;
  const instant = readZoned(cell, zone);
  if (instant !== undefined) return { value: instant };
  if (cell === NONE) return notApplicable;
  if (cell === NOT_SUPPORTED) return UNSUPPORTED;
  if (booleanIn(cell) === FALSE) return ABSENT;
  return notKnown(reader, at, cell, 'a date such as 2019-08-16 9:25:56');
}

/** A column whose name says that it counts, and whose documentation says that it does not. */
export function countedCell(reader: RowReader, at: number): Field<boolean> {
  const cell = cellAt(reader, at) ?? '';
  if (!/^\d+$/.test(cell)) return booleanCell(reader, at);
  return Number(cell) > 0 ? TRUE : FALSE;
}

export function statusCell(reader: RowReader, at: number): Field<boolean> {
  const cell = cellAt(reader, at);
  if (cell === undefined) return NO_COLUMN;
  if (/^active$/i.test(cell)) return TRUE;
  if (/^(?:disabled?|inactive)$/i.test(cell)) return FALSE;
  return notKnown(reader, at, cell, 'Active or Disable');
}

/** What Muster itself wrote as unknown is no oddity. */
function notKnown(reader: RowReader, at: number, cell: string, expected: string) {
  const why = whyUnknown(cell);
  return why === undefined ? oddCell(reader, at, cell, expected) : reason('unknown', why);
}
