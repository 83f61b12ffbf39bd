import type { Instant } from '../../../domain/instant.ts';
import type { Field } from '../../../domain/record.ts';
import { readMoment } from '../../../kit/read-instant.ts';
import { booleanIn, FALSE, NO_COLUMN, oddCell, type RowReader, reason, UNSUPPORTED } from '../../../kit/row-reader.ts';

/** What Alibaba Cloud writes where a user's console login is switched off. It is not documented. */
export const LOGIN_DISABLED = 'LOGIN_DISABLED';

const HIDDEN = reason('unknown', 'the cloud does not tell while the console login is disabled');
const UNTOLD = reason('unknown', 'the cloud made no report, and no API tells it');

/** A reader, and what an empty cell means to it. */
export interface Cells {
  readonly reader: RowReader;
  readonly isSynthesised: boolean;
}

/** What the sentinels mean in one column. Those that are left out are not expected there. */
export interface Sentinels<T> {
  readonly notApplicable?: Field<T>;
  readonly hyphen?: Field<T>;
}

export function cellOf({ reader }: Cells, at: number): string | undefined {
  return reader.row[at];
}

/** `LOGIN_DISABLED` in `password_exist` and `password_active` says that nobody can sign in. */
export function loginCell(cells: Cells, at: number): Field<boolean> {
  return cellOf(cells, at) === LOGIN_DISABLED ? FALSE : booleanCell(cells, at);
}

export function booleanCell(cells: Cells, at: number): Field<boolean> {
  const cell = cellOf(cells, at);
  const told = cell === undefined ? undefined : booleanIn(cell);
  if (told !== undefined) return told;
  if (cell === 'N/A') return UNSUPPORTED;
  return withoutValue(cells, at, cell, 'TRUE or FALSE');
}

export function instantCell(cells: Cells, at: number, sentinels: Sentinels<Instant>): Field<Instant> {
  const cell = cellOf(cells, at);
  if (cell === '-' && sentinels.hyphen !== undefined) return sentinels.hyphen;
  if (cell === 'N/A' && sentinels.notApplicable !== undefined) return sentinels.notApplicable;
  const instant = cell === undefined ? undefined : readMoment(cell);
  return instant === undefined ? withoutValue(cells, at, cell, 'a date with its zone') : { value: instant };
}

function withoutValue({ reader, isSynthesised }: Cells, at: number, cell: string | undefined, expected: string) {
  if (cell === undefined) return NO_COLUMN;
  if (cell === LOGIN_DISABLED) return HIDDEN;
  return cell === '' && isSynthesised ? UNTOLD : oddCell(reader, at, cell, expected);
}
