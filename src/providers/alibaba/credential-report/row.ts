import type { AccessKeyRecord, ConsoleRecord, CredentialRecord, Field } from '../../../domain/record.ts';
import { ABSENT, FALSE, NEVER, reason, TRUE, UNSUPPORTED } from '../../../kit/row-reader.ts';
import { booleanCell, type Cells, cellOf, instantCell, loginCell } from './cells.ts';
import type { KeyColumns, Layout } from './columns.ts';

export const ROOT_USER = '<root>';

const NOTHING_DERIVED: readonly string[] = [];
/** What a synthesised table has from the cloud's last report. */
const LAST_TOLD_OF_ROOT = ['console_enabled', 'mfa_enabled', 'password_changed_at', 'access_keys'];
const LAST_TOLD_OF_USERS = ['password_changed_at', 'password_next_rotation_at'];
const NO_KEYS: readonly AccessKeyRecord[] = [];
const NO_DATE = reason('unknown', 'the report says N/A, although there is one');
const TOO_EARLY = reason('unknown', 'the cloud keeps no change from before 6 April 2016');
const NOT_SHOWN = reason('unknown', 'the cloud shows no such thing');

/** One row of the report as a record, without what the extra parts tell. */
export function recordOf(cells: Cells, layout: Layout): CredentialRecord {
  const name = cellOf(cells, layout.user) ?? '';
  const isRoot = name === ROOT_USER;
  const console = consoleOf(cells, layout, isRoot);
  return {
    identity: {
      kind: isRoot ? 'root' : 'user',
      name,
      id: userNameOf(name),
      createdAt: instantCell(cells, layout.createdAt, { notApplicable: NO_DATE }),
    },
    console,
    mfa: booleanCell(cells, layout.mfa),
    accessKeys: keysOf(cells, layout),
    certificates: [],
    cells: cells.reader.row,
    derived: cells.isSynthesised ? lastTold(console, isRoot) : NOTHING_DERIVED,
  };
}

function lastTold({ passwordChangedAt }: ConsoleRecord, isRoot: boolean): readonly string[] {
  if (isRoot) return LAST_TOLD_OF_ROOT;
  return 'value' in passwordChangedAt ? LAST_TOLD_OF_USERS : NOTHING_DERIVED;
}

/** The user name alone: what follows the `@` changes for all users when the account is given another alias. */
export function userNameOf(principalName: string): string {
  const at = principalName.indexOf('@');
  return at <= 0 ? principalName : principalName.slice(0, at);
}

function consoleOf(cells: Cells, layout: Layout, isRoot: boolean): ConsoleRecord {
  const exists = loginCell(cells, layout.passwordExists);
  const hasNone = 'value' in exists && !exists.value;
  const withoutPassword = hasNone ? ABSENT : NO_DATE;
  return {
    enabled: enabledOf(exists, cells, layout),
    lastUsedAt: instantCell(cells, layout.lastLogon, { hyphen: NEVER, notApplicable: withoutPassword }),
    passwordChangedAt: instantCell(cells, layout.passwordLastChanged, { notApplicable: hasNone ? ABSENT : TOO_EARLY }),
    // A hyphen says that the password will not have to be changed.
    nextRotationAt: instantCell(cells, layout.passwordNextRotation, {
      hyphen: UNSUPPORTED,
      notApplicable: isRoot ? UNSUPPORTED : withoutPassword,
    }),
  };
}

/** A password that exists may be inactive; of the root's the report never tells. */
function enabledOf(exists: Field<boolean>, cells: Cells, layout: Layout): Field<boolean> {
  if (!('value' in exists) || !exists.value) return exists;
  const active = loginCell(cells, layout.passwordActive);
  if ('value' in active) return active;
  return active.reason === 'unsupported' ? TRUE : active;
}

function keysOf(cells: Cells, layout: Layout): readonly AccessKeyRecord[] {
  let keys: AccessKeyRecord[] | undefined;
  for (const columns of layout.keys) {
    if (!isKey(cells, columns)) continue;
    keys ??= [];
    keys.push(keyOf(cells, columns));
  }
  return keys ?? NO_KEYS;
}

/** Where `exist` says nothing that we know, a date still shows that there is a key. */
function isKey(cells: Cells, columns: KeyColumns): boolean {
  const exist = cellOf(cells, columns.exists);
  if (exist === 'FALSE' || exist === 'false') return false;
  const rotated = cellOf(cells, columns.rotated) ?? '';
  const isBlank = rotated === '' || rotated === 'N/A' || rotated === '-';
  if (isBlank && (exist === '' || exist === 'N/A' || exist === '-' || exist === undefined)) return false;
  const told = booleanCell(cells, columns.exists);
  return told === TRUE || (told !== FALSE && !isBlank);
}

function keyOf(cells: Cells, columns: KeyColumns): AccessKeyRecord {
  return {
    slot: columns.slot,
    active: booleanCell(cells, columns.active),
    createdAt: instantCell(cells, columns.rotated, { notApplicable: NO_DATE }),
    lastUsedAt: instantCell(cells, columns.lastUsed, { hyphen: NEVER, notApplicable: NO_DATE }),
    lastUsedRegion: NOT_SHOWN,
    lastUsedService: NOT_SHOWN,
  };
}
