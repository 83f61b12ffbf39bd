import type { TableShape } from '../../../kit/table.ts';
import { REPORT_PART } from './parts.ts';
import { withCommas } from './unquoted.ts';

/** The header of a live report (2026-09-11), in its order, and the 23rd column that the user guide documents. */
export const COLUMNS = [
  'user',
  'arn',
  'user_creation_time',
  'password_enabled',
  'password_last_used',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
  'access_key_1_active',
  'access_key_1_last_rotated',
  'access_key_1_last_used_date',
  'access_key_1_last_used_region',
  'access_key_1_last_used_service',
  'access_key_2_active',
  'access_key_2_last_rotated',
  'access_key_2_last_used_date',
  'access_key_2_last_used_region',
  'access_key_2_last_used_service',
  'cert_1_active',
  'cert_1_last_rotated',
  'cert_2_active',
  'cert_2_last_rotated',
] as const;

/** Seen in the guide, never in a live report: its absence means nothing. */
export const EXTRA_COLUMN = 'additional_credentials_info';

/** Without these a table says too little to be compared with another. */
const OPTIONAL = new Set<string>([
  'password_next_rotation',
  'access_key_1_last_used_region',
  'access_key_1_last_used_service',
  'access_key_2_last_used_region',
  'access_key_2_last_used_service',
  'cert_1_active',
  'cert_1_last_rotated',
  'cert_2_active',
  'cert_2_last_rotated',
]);

export const SHAPE: TableShape = {
  name: `the part ${REPORT_PART}`,
  columns: COLUMNS,
  isRequired: (column) => !OPTIONAL.has(column),
  isKnown: (column) => column === EXTRA_COLUMN,
  mended: withCommas,
};

/** Where each column stands in a row; -1 where the report has none. */
export interface Layout {
  readonly user: number;
  readonly arn: number;
  readonly createdAt: number;
  readonly passwordEnabled: number;
  readonly passwordLastUsed: number;
  readonly passwordLastChanged: number;
  readonly passwordNextRotation: number;
  readonly mfa: number;
  readonly keys: readonly KeyColumns[];
  readonly certificates: readonly CertificateColumns[];
  readonly additional: number;
}

export interface KeyColumns {
  readonly slot: number;
  readonly active: number;
  readonly rotated: number;
  readonly lastUsed: number;
  readonly region: number;
  readonly service: number;
}

export interface CertificateColumns {
  readonly slot: number;
  readonly active: number;
  readonly rotated: number;
}

export function layoutOf(header: readonly string[]): Layout {
  const at = (name: string) => header.indexOf(name);
  return {
    user: at('user'),
    arn: at('arn'),
    createdAt: at('user_creation_time'),
    passwordEnabled: at('password_enabled'),
    passwordLastUsed: at('password_last_used'),
    passwordLastChanged: at('password_last_changed'),
    passwordNextRotation: at('password_next_rotation'),
    mfa: at('mfa_active'),
    keys: [1, 2].map((slot) => ({
      slot,
      active: at(`access_key_${slot}_active`),
      rotated: at(`access_key_${slot}_last_rotated`),
      lastUsed: at(`access_key_${slot}_last_used_date`),
      region: at(`access_key_${slot}_last_used_region`),
      service: at(`access_key_${slot}_last_used_service`),
    })),
    certificates: [1, 2].map((slot) => ({
      slot,
      active: at(`cert_${slot}_active`),
      rotated: at(`cert_${slot}_last_rotated`),
    })),
    additional: at(EXTRA_COLUMN),
  };
}
