import type { RecordColumns } from '../../provider.ts';
import { COLUMNS } from './columns.ts';

const AT = '2026-01-02 03:04:05';
const KEY = ['AKIDexample', 'FALSE', AT, 'Active', AT, 'FALSE', 'FALSE'];
const NO_CONSOLE = Array<string>(7).fill('FALSE');
const NO_KEY = Array<string>(7).fill('N/A');

export const recordColumns: RecordColumns = {
  sample: [
    COLUMNS,
    [
      '100000000001',
      'with',
      'Sub-user',
      AT,
      'TRUE',
      AT,
      'TRUE',
      'TRUE',
      'TRUE',
      'TRUE',
      'FALSE',
      ...KEY,
      ...NO_KEY,
      AT,
    ],
    ['100000000002', 'without', 'Sub-user', AT, ...NO_CONSOLE, ...NO_KEY, ...NO_KEY, 'N/A'],
  ],
  fields: [
    ['created_at', 'CreationTime'],
    ['console_enabled', 'LoginConsoleActive'],
    ['console_last_used_at', 'Last Console Login Time'],
    ['password_changed_at', 'PasswordLastRotation'],
    ['mfa_enabled', 'MFADeviceActive'],
    ['login_protection', 'LoginProtectionActive'],
    ['operation_protection', 'OperationProtectionActive'],
    ['abnormal_logins', 'Abnormal LoginsNumWithin30Days'],
    ['access_keys.id', 'AccessKey1SecretId'],
    ['access_keys.at_risk', 'AccessKey1MayBeAtRisk'],
    ['access_keys.created_at', 'AccessKey1CreationTime'],
    ['access_keys.active', 'AccessKey1Status'],
    ['access_keys.last_used_at', 'AccessKey1lastUsedDate'],
  ],
};
