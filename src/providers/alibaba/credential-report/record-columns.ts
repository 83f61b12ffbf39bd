import type { RecordColumns } from '../../provider.ts';
import { headerFor } from './columns.ts';

const AT = '2026-01-02T03:04:05Z';
const KEY = ['TRUE', 'TRUE', AT, AT];
const NO_KEY = ['FALSE', 'N/A', 'N/A', 'N/A'];

export const recordColumns: RecordColumns = {
  sample: [
    headerFor(2),
    ['<root>', AT, AT, 'TRUE', 'N/A', AT, 'N/A', 'TRUE', ...KEY, ...NO_KEY],
    ['with', AT, AT, 'TRUE', 'TRUE', AT, AT, 'TRUE', ...KEY, ...NO_KEY],
    ['without', AT, 'N/A', 'FALSE', 'N/A', 'N/A', 'N/A', 'N/A', ...NO_KEY, ...NO_KEY],
  ],
  fields: [
    ['created_at', 'user_creation_time'],
    ['console_enabled', 'password_exist'],
    ['console_enabled', 'password_active'],
    ['console_last_used_at', 'user_last_logon'],
    ['password_changed_at', 'password_last_changed'],
    ['password_next_rotation_at', 'password_next_rotation'],
    ['mfa_enabled', 'mfa_active'],
    ['access_keys', 'access_key_1_exist'],
    ['access_keys.active', 'access_key_1_active'],
    ['access_keys.created_at', 'access_key_1_last_rotated'],
    ['access_keys.last_used_at', 'access_key_1_last_used'],
  ],
};
