import type { TableShape } from '../../../kit/table.ts';
import { REPORT_PART } from './parts.ts';

const KEY_CELLS = ['exist', 'active', 'last_rotated', 'last_used'] as const;
type KeyCell = (typeof KEY_CELLS)[number];

/** The sixteen columns that every report has, in the order of the documentation. */
const COLUMNS: readonly string[] = [
  'user',
  'user_creation_time',
  'user_last_logon',
  'password_exist',
  'password_active',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
  ...keyColumns('access_key_1'),
  ...keyColumns('access_key_2'),
];

/** Without these a table says too little to be compared with another. */
const OPTIONAL = new Set(['user_last_logon', 'password_next_rotation']);
/** Users of old may have more than two keys; these stand at the end. */
const ADDITIONAL = /^additional_access_key_(\d{1,3})_(?:exist|active|last_rotated|last_used)$/;

export const SHAPE: TableShape = {
  name: `the part ${REPORT_PART}`,
  columns: COLUMNS,
  isRequired: (column) => !OPTIONAL.has(column),
  isKnown: (column) => ADDITIONAL.test(column),
};

/** Where each column stands in a row; -1 where the report has none. */
export interface Layout {
  readonly user: number;
  readonly createdAt: number;
  readonly lastLogon: number;
  readonly passwordExists: number;
  readonly passwordActive: number;
  readonly passwordLastChanged: number;
  readonly passwordNextRotation: number;
  readonly mfa: number;
  readonly keys: readonly KeyColumns[];
}

export interface KeyColumns {
  readonly slot: number;
  readonly exists: number;
  readonly active: number;
  readonly rotated: number;
  readonly lastUsed: number;
}

export function layoutOf(header: readonly string[]): Layout {
  const at = (name: string) => header.indexOf(name);
  return {
    user: at('user'),
    createdAt: at('user_creation_time'),
    lastLogon: at('user_last_logon'),
    passwordExists: at('password_exist'),
    passwordActive: at('password_active'),
    passwordLastChanged: at('password_last_changed'),
    passwordNextRotation: at('password_next_rotation'),
    mfa: at('mfa_active'),
    keys: slotsOf(header).map((slot) => {
      const cell = (name: KeyCell) => at(`${slotPrefix(slot)}_${name}`);
      return {
        slot,
        exists: cell('exist'),
        active: cell('active'),
        rotated: cell('last_rotated'),
        lastUsed: cell('last_used'),
      };
    }),
  };
}

/** The header of a table for users with so many keys. */
export function headerFor(keysOfOneUser: number): readonly string[] {
  const additional = Array.from({ length: Math.max(0, keysOfOneUser - 2) }, (_, index) =>
    keyColumns(slotPrefix(index + 3)),
  );
  return [...COLUMNS, ...additional.flat()];
}

/** Two, and one for each additional group: `additional_access_key_1` is the third. */
function slotsOf(header: readonly string[]): readonly number[] {
  const additional = new Set<number>();
  for (const column of header) {
    const match = ADDITIONAL.exec(column);
    if (match !== null) additional.add(Number(match[1]) + 2);
  }
  return [1, 2, ...[...additional].sort((a, b) => a - b)];
}

function slotPrefix(slot: number): string {
  return slot <= 2 ? `access_key_${slot}` : `additional_access_key_${slot - 2}`;
}

function keyColumns(prefix: string): readonly string[] {
  return KEY_CELLS.map((cell) => `${prefix}_${cell}`);
}
