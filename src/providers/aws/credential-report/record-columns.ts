import type { RecordColumns } from '../../provider.ts';
import { COLUMNS } from './columns.ts';

const AT = '2026-01-02T03:04:05Z';
const PASSWORD = ['true', AT, AT, AT, 'true'];
const NO_PASSWORD = ['false', 'N/A', 'N/A', 'N/A', 'false'];
const KEY = ['true', AT, AT, 'us-east-1', 's3'];
const NO_KEY = ['false', 'N/A', 'N/A', 'N/A', 'N/A'];
const CERTIFICATES = ['true', AT, 'false', 'N/A'];
const NO_CERTIFICATES = ['false', 'N/A', 'false', 'N/A'];

export const recordColumns: RecordColumns = {
  sample: [
    COLUMNS,
    ['<root_account>', 'arn:aws:iam::123456789012:root', AT, ...PASSWORD, ...KEY, ...NO_KEY, ...CERTIFICATES],
    ['with', 'arn:aws:iam::123456789012:user/with', AT, ...PASSWORD, ...KEY, ...NO_KEY, ...CERTIFICATES],
    ['without', 'arn:aws:iam::123456789012:user/without', AT, ...NO_PASSWORD, ...NO_KEY, ...NO_KEY, ...NO_CERTIFICATES],
  ],
  fields: [
    ['created_at', 'user_creation_time'],
    ['console_enabled', 'password_enabled'],
    ['console_last_used_at', 'password_last_used'],
    ['password_changed_at', 'password_last_changed'],
    ['password_next_rotation_at', 'password_next_rotation'],
    ['mfa_enabled', 'mfa_active'],
    ['access_keys.active', 'access_key_1_active'],
    ['access_keys.created_at', 'access_key_1_last_rotated'],
    ['access_keys.last_used_at', 'access_key_1_last_used_date'],
    ['access_keys.last_used_region', 'access_key_1_last_used_region'],
    ['access_keys.last_used_service', 'access_key_1_last_used_service'],
    ['certificates.active', 'cert_1_active'],
    ['certificates.created_at', 'cert_1_last_rotated'],
  ],
};
