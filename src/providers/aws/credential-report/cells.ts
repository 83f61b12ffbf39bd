import type { Instant } from '../../../domain/instant.ts';
import type { Field } from '../../../domain/record.ts';
import { readMoment } from '../../../kit/read-instant.ts';
import { booleanIn, NEVER, NO_COLUMN, oddCell, type RowReader, UNSUPPORTED } from '../../../kit/row-reader.ts';

export function booleanCell(reader: RowReader, at: number): Field<boolean> {
  const cell = reader.row[at];
  if (cell === undefined) return NO_COLUMN;
  const told = booleanIn(cell);
  if (told !== undefined) return told;
  if (cell === 'not_supported' || cell === 'N/A') return UNSUPPORTED;
  return oddCell(reader, at, cell, 'true or false');
}

/** `notApplicable` is what `N/A` means in this column. */
export function instantCell(reader: RowReader, at: number, notApplicable: Field<Instant>): Field<Instant> {
  const cell = reader.row[at];
  if (cell === undefined) return NO_COLUMN;
  if (cell === 'N/A') return notApplicable;
  const instant = readMoment(cell);
  if (instant !== undefined) return { value: instant };
  if (cell === 'no_information') return NEVER;
  if (cell === 'not_supported') return UNSUPPORTED;
  return oddCell(reader, at, cell, 'a date with its zone');
}

export function textCell(reader: RowReader, at: number, notApplicable: Field<string>): Field<string> {
  const cell = reader.row[at];
  if (cell === undefined) return NO_COLUMN;
  if (cell === 'N/A') return notApplicable;
  if (cell === 'not_supported') return UNSUPPORTED;
  if (cell === 'no_information') return NEVER;
  return cell === '' ? oddCell(reader, at, cell, 'text') : { value: cell };
}
