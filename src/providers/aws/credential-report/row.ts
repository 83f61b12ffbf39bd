import type { AccessKeyRecord, CertificateRecord, ConsoleRecord, CredentialRecord } from '../../../domain/record.ts';
import { readMoment } from '../../../kit/read-instant.ts';
import {
  ABSENT,
  booleanIn,
  FALSE,
  NEVER,
  NO_COLUMN,
  oddCell,
  type RowReader,
  reason,
  TRUE,
  UNSUPPORTED,
} from '../../../kit/row-reader.ts';
import { booleanCell, instantCell, textCell } from './cells.ts';
import type { CertificateColumns, KeyColumns, Layout } from './columns.ts';

export const ROOT_USER = '<root_account>';

const NOTHING_DERIVED: readonly string[] = [];
const NO_KEYS: readonly AccessKeyRecord[] = [];
const NO_CERTIFICATES: readonly CertificateRecord[] = [];
const NO_DATE = reason('unknown', 'the report says N/A, although there is one');
const NO_SERVICE = reason('unknown', 'the report names no service, although the key was used');
const UNUSED_OR_UNTOLD = reason('unknown', 'it is not known whether the key was used');

/** One row of the report as a record, without what the extra parts tell. */
export function recordOf(reader: RowReader, layout: Layout): CredentialRecord {
  const name = reader.row[layout.user] ?? '';
  return {
    identity: {
      kind: name === ROOT_USER ? 'root' : 'user',
      name,
      id: reader.row[layout.arn] ?? '',
      createdAt: instantCell(reader, layout.createdAt, NO_DATE),
    },
    console: consoleOf(reader, layout),
    mfa: booleanCell(reader, layout.mfa),
    accessKeys: keysOf(reader, layout),
    certificates: certificatesOf(reader, layout),
    cells: reader.row,
    derived: NOTHING_DERIVED,
  };
}

/** `N/A` in a password column means that there is no password; next to a password it means nothing that we know. */
function consoleOf(reader: RowReader, layout: Layout): ConsoleRecord {
  const enabled = booleanCell(reader, layout.passwordEnabled);
  const hasNone = 'value' in enabled && !enabled.value;
  const notApplicable = hasNone ? ABSENT : NO_DATE;
  return {
    enabled,
    lastUsedAt: instantCell(reader, layout.passwordLastUsed, notApplicable),
    passwordChangedAt: instantCell(reader, layout.passwordLastChanged, notApplicable),
    // A password without a rotation policy says N/A as well: it will not have to be changed.
    nextRotationAt: instantCell(reader, layout.passwordNextRotation, hasNone ? ABSENT : UNSUPPORTED),
  };
}

function keysOf(reader: RowReader, layout: Layout): readonly AccessKeyRecord[] {
  let keys: AccessKeyRecord[] | undefined;
  for (const columns of layout.keys) {
    if (isEmptySlot(reader, columns) && !wasUsed(reader, columns)) continue;
    keys ??= [];
    keys.push(keyOf(reader, columns));
  }
  return keys ?? NO_KEYS;
}

/** An inactive key keeps its date; only a slot without a key says N/A there, or nothing at all once a program took N/A for no value. */
function isEmptySlot(reader: RowReader, columns: CertificateColumns & { readonly lastUsed?: number }): boolean {
  const { rotated, lastUsed = rotated } = columns;
  const cell = reader.row[rotated] ?? 'N/A';
  const isBlank = cell === '' && reader.row[lastUsed] === '';
  if (!isBlank && !isNothing(cell)) return false;
  const active = reader.row[columns.active] ?? 'N/A';
  const isEmpty = isNothing(active) || (isBlank && active === '') || booleanIn(active) === FALSE;
  if (isEmpty && isBlank) oddCell(reader, rotated, cell, 'a date with its zone');
  return isEmpty;
}

function isNothing(cell: string): boolean {
  return cell === 'N/A' || cell === 'not_supported';
}

/** The guide says that an inactive key has no date; AWS was seen to write one. A use shows a key either way. */
function wasUsed(reader: Pick<RowReader, 'row'>, { lastUsed }: KeyColumns): boolean {
  return readMoment(reader.row[lastUsed] ?? '') !== undefined;
}

function keyOf(reader: RowReader, columns: KeyColumns): AccessKeyRecord {
  const lastUsedAt = instantCell(reader, columns.lastUsed, NEVER);
  const isUsed = 'value' in lastUsedAt;
  const isUnused = !isUsed && lastUsedAt.reason === 'never';
  // Services without regions (S3) leave the region of a used key N/A.
  const region = isUsed ? UNSUPPORTED : isUnused ? NEVER : UNUSED_OR_UNTOLD;
  const service = isUsed ? NO_SERVICE : isUnused ? NEVER : UNUSED_OR_UNTOLD;
  return {
    slot: columns.slot,
    active: booleanCell(reader, columns.active),
    createdAt: instantCell(reader, columns.rotated, NO_DATE),
    lastUsedAt,
    lastUsedRegion: textCell(reader, columns.region, region),
    lastUsedService: textCell(reader, columns.service, service),
  };
}

function certificatesOf(reader: RowReader, layout: Layout): readonly CertificateRecord[] {
  let certificates: CertificateRecord[] | undefined;
  for (const columns of layout.certificates) {
    const isUntold = isUntoldSlot(reader, columns);
    if (!isUntold && isEmptySlot(reader, columns)) continue;
    certificates ??= [];
    if (isUntold) certificates.push({ slot: columns.slot, active: NO_COLUMN, createdAt: NO_COLUMN });
    else
      certificates.push({
        slot: columns.slot,
        active: booleanCell(reader, columns.active),
        createdAt: instantCell(reader, columns.rotated, NO_DATE),
      });
  }
  return certificates ?? NO_CERTIFICATES;
}

/** Without the column of its date, an inactive certificate looks like none at all. */
function isUntoldSlot(reader: RowReader, { active, rotated }: CertificateColumns): boolean {
  return rotated === -1 && booleanIn(reader.row[active] ?? '') !== TRUE;
}
