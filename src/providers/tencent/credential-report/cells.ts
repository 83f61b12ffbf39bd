import type { Instant } from '../../../domain/instant.ts';
import type { Field } from '../../../domain/record.ts';
import {
  ABSENT,
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
  if (/^true$/i.test(cell)) return TRUE;
  if (/^false$/i.test(cell)) return FALSE;
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
  if (/^false$/i.test(cell)) return ABSENT;
  return notKnown(reader, at, cell, 'a date such as 2019-08-16 9:25:56');
}

export function statusCell(reader: RowReader, at: number): Field<boolean> {
  const cell = cellAt(reader, at);
  if (cell === undefined) return NO_COLUMN;
  if (cell === 'Active') return TRUE;
  if (cell === 'Disable' || cell === 'Disabled' || cell === 'Inactive') return FALSE;
  return notKnown(reader, at, cell, 'Active or Disable');
}

/** What Muster itself wrote as unknown is no oddity. */
function notKnown(reader: RowReader, at: number, cell: string, expected: string) {
  const why = whyUnknown(cell);
  return why === undefined ? oddCell(reader, at, cell, expected) : reason('unknown', why);
}
