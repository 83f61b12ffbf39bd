import type { AccessKeyRecord, ConsoleRecord, CredentialRecord, IdentityKind } from '../../../domain/record.ts';
import { NEVER, NO_COLUMN, oddCell, type RowReader, reason } from '../../../kit/row-reader.ts';
import { booleanCell, cellAt, countedCell, instantCell, statusCell } from './cells.ts';
import type { KeyLayout, Layout } from './columns.ts';
import { NONE, NOT_SUPPORTED, whyUnknown } from './tokens.ts';

const NO_DATE = reason('unknown', 'the report says N/A, although there is one');
const NO_USE = reason('unknown', 'the report says N/A: never used, or not known');
const NO_KEYS: readonly AccessKeyRecord[] = [];

/** How a table is read: where its columns are, and what its times mean. */
export interface Reading {
  readonly layout: Layout;
  readonly zone: string;
  /** Of every record: the fields that Muster worked out. */
  readonly derived: readonly string[];
}

/** Without spaces and hyphens: the two sites differ in these. */
const KINDS: ReadonlyMap<string, IdentityKind> = new Map([
  ['subuser', 'user'],
  ['collaborator', 'collaborator'],
  ['weworksubuser', 'wecom_user'],
  ['wecomsubuser', 'wecom_user'],
  ['messagereceiver', 'message_receiver'],
]);

export function recordOf(reader: RowReader, { layout, zone, derived }: Reading): CredentialRecord {
  return {
    identity: {
      kind: kindOf(reader, layout.type),
      name: reader.row[layout.name] ?? '',
      id: cellAt(reader, layout.id) ?? '',
      createdAt: instantCell(reader, layout.createdAt, zone, NO_DATE),
    },
    console: consoleOf(reader, layout, zone),
    mfa: booleanCell(reader, layout.mfa),
    accessKeys: keysOf(reader, layout, zone),
    certificates: [],
    loginProtection: booleanCell(reader, layout.loginProtection),
    operationProtection: booleanCell(reader, layout.operationProtection),
    abnormalLogins: countedCell(reader, layout.abnormalLogins),
    cells: reader.row,
    derived,
  };
}

function kindOf(reader: RowReader, at: number): IdentityKind {
  const cell = cellAt(reader, at) ?? '';
  const kind = KINDS.get(cell.toLowerCase().replace(/[ -]/g, ''));
  if (kind === undefined) oddCell(reader, at, cell, 'one of the four types of users');
  return kind ?? 'user';
}

function consoleOf(reader: RowReader, layout: Layout, zone: string): ConsoleRecord {
  return {
    enabled: booleanCell(reader, layout.console),
    lastUsedAt: instantCell(reader, layout.lastLoginAt, zone, NEVER),
    passwordChangedAt: instantCell(reader, layout.passwordChangedAt, zone, NO_DATE),
    nextRotationAt: NO_COLUMN,
  };
}

function keysOf(reader: RowReader, layout: Layout, zone: string): readonly AccessKeyRecord[] {
  let keys: AccessKeyRecord[] | undefined;
  for (const columns of layout.keys) {
    const id = cellAt(reader, columns.id) ?? '';
    if (id === NONE || id === NOT_SUPPORTED || (id === '' && !hasStatus(reader, columns))) continue;
    keys ??= [];
    keys.push(keyOf(reader, columns, id, zone));
  }
  return keys ?? NO_KEYS;
}

/** Where the id is left out, a status still shows that there is a key. */
function hasStatus(reader: RowReader, { status }: KeyLayout): boolean {
  const cell = cellAt(reader, status);
  return cell !== undefined && cell !== '' && cell !== NONE && cell !== NOT_SUPPORTED;
}

/** A slot that could not be asked about is a key of which nothing is known: to leave it out would say that there is none. */
function keyOf(reader: RowReader, columns: KeyLayout, id: string, zone: string): AccessKeyRecord {
  return {
    slot: columns.slot,
    ...(id === '' || whyUnknown(id) !== undefined ? {} : { id }),
    active: statusCell(reader, columns.status),
    createdAt: instantCell(reader, columns.createdAt, zone, NO_DATE),
    lastUsedAt: instantCell(reader, columns.lastUsedAt, zone, NO_USE),
    ...(cellAt(reader, columns.lastUsedAt) === NONE ? { isPresumedUnused: true } : {}),
    lastUsedRegion: NO_COLUMN,
    lastUsedService: NO_COLUMN,
    atRisk: booleanCell(reader, columns.atRisk),
  };
}
