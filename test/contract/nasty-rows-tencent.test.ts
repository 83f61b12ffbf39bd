import { expect, test } from 'vitest';
import { tencentAgo as ago, type Cloud, verdictsOn } from '../kit/nasty-rows.ts';

type Cells = Readonly<Record<string, string>>;

const EMPTY = [
  'SecretId',
  'MayBeAtRisk',
  'CreationTime',
  'Status',
  'lastUsedDate',
  'CreatedOver90Days',
  'CreatedOver30Days',
];
const none = (slot: number, word = 'N/A'): Cells =>
  Object.fromEntries(EMPTY.map((name) => [`AccessKey${slot}${name}`, name === 'SecretId' ? 'N/A' : word]));
const USED = {
  SecretId: 'AKIDEXAMPLE0001',
  MayBeAtRisk: 'FALSE',
  CreationTime: ago(10),
  Status: 'Active',
  lastUsedDate: ago(1),
  CreatedOver90Days: 'FALSE',
  CreatedOver30Days: 'FALSE',
};
const key = (slot: number, cells: Cells = {}): Cells =>
  Object.fromEntries(Object.entries({ ...USED, ...cells }).map(([name, cell]) => [`AccessKey${slot}${name}`, cell]));

const ADA = {
  'Account ID': '100000000001',
  Username: 'ada',
  UserType: 'Sub-user',
  CreationTime: ago(400),
  PasswordEnabled: 'TRUE',
  PasswordLastRotation: ago(30),
  LoginConsoleActive: 'TRUE',
  LoginProtectionActive: 'TRUE',
  OperationProtectionActive: 'TRUE',
  MFADeviceActive: 'TRUE',
  'Abnormal LoginsNumWithin30Days': 'FALSE',
  ...none(1),
  ...none(2),
  'Last Console Login Time': ago(1),
};
const USERS: Cloud = {
  provider: 'tencent',
  accountId: '100000000000',
  kind: 'credential-report-import',
  part: 'report.csv',
  name: 'Username',
  plain: ADA,
  others: [{ ...ADA, 'Account ID': '100000000002', Username: 'bob' }],
};

const NO_CONSOLE = {
  PasswordEnabled: 'FALSE',
  PasswordLastRotation: 'FALSE',
  LoginConsoleActive: 'FALSE',
  LoginProtectionActive: 'FALSE',
  OperationProtectionActive: 'FALSE',
  MFADeviceActive: 'not_supported',
  'Last Console Login Time': 'not_supported',
};
const robot = (...keys: readonly Cells[]) => Object.assign({}, NO_CONSOLE, ...keys) as Cells;
const NEVER = { lastUsedDate: 'N/A' };

test.each<[string, Cells, readonly string[]]>([
  ['nothing wrong', {}, []],
  ['no MFA device', { MFADeviceActive: 'FALSE' }, ['user.console.no_mfa']],
  ['no MFA where nobody signs in', robot(key(1)), []],
  ['FALSE in a column of dates: there is no password', { ...robot(key(1)), PasswordLastRotation: 'FALSE' }, []],
  ['login protection off', { LoginProtectionActive: 'FALSE' }, ['login.protection_off']],
  ['operation protection off', { OperationProtectionActive: 'FALSE' }, ['login.protection_off']],
  [
    'unusual sign-ins, in a column that says Num and means yes',
    { 'Abnormal LoginsNumWithin30Days': 'TRUE' },
    ['login.abnormal'],
  ],
  ['a key at risk', robot(key(1, { MayBeAtRisk: 'TRUE' })), ['key.leak_suspected']],
  [
    'an inactive key at risk',
    robot(key(1), key(2, { MayBeAtRisk: 'TRUE', Status: 'Disable' })),
    ['key.leak_suspected'],
  ],
  ['45 days without a sign-in, in Beijing time', { 'Last Console Login Time': ago(45) }, ['user.password.unused']],
  ['a second less', { 'Last Console Login Time': ago(45, -1) }, []],
  ['read as UTC it would be 45 days', { 'Last Console Login Time': ago(44, 20 * 3_600) }, []],
  ['never signed in: counts from the last password', { 'Last Console Login Time': 'N/A' }, []],
  [
    'never signed in, password old',
    { 'Last Console Login Time': 'N/A', PasswordLastRotation: ago(90) },
    ['user.inactive', 'user.password.unused'],
  ],
  ['a key of 91 days', robot(key(1, { CreationTime: ago(91) })), ['user.key.too_old']],
  [
    'a key of 90 days and 23 hours, which its own column calls over 90',
    robot(key(1, { CreationTime: ago(90, 82_800), CreatedOver90Days: 'TRUE' })),
    [],
  ],
  ['a key unused for 45 days', robot(key(1, { CreationTime: ago(80), lastUsedDate: ago(45) })), ['user.key.unused']],
  ['a key never used, old: N/A beside a key', robot(key(1, { CreationTime: ago(50), ...NEVER })), ['user.key.unused']],
  ['a key never used, new', robot(key(1, NEVER)), []],
  ['a password and a key that was never used', key(1, NEVER), ['user.key.never_used', 'user.password_and_key']],
  [
    'an inactive key, left',
    robot(key(1), key(2, { Status: 'Disable', CreationTime: ago(31) })),
    ['user.key.inactive_left'],
  ],
  ['two active keys', robot(key(1), key(2)), ['user.key.two_active']],
  [
    'dates with slashes, as the international site writes them',
    robot(key(1, { CreationTime: ago(91).replaceAll('-', '/') })),
    ['user.key.too_old'],
  ],
  ['booleans in small letters, as a spreadsheet writes them', { MFADeviceActive: 'false' }, ['user.console.no_mfa']],
  [
    'a collaborator has no password here',
    {
      ...robot(key(1)),
      UserType: 'Collaborator',
      PasswordEnabled: 'not_supported',
      LoginConsoleActive: 'not_supported',
    },
    [],
  ],
  [
    'a message receiver can have nothing',
    {
      ...robot(none(1, 'not_supported'), none(2, 'not_supported')),
      UserType: 'Message receiver',
      'Abnormal LoginsNumWithin30Days': 'not_supported',
    },
    [],
  ],
  ['nothing usable', robot(), ['user.inactive']],
  ['a tab behind a long number', { 'Account ID': '100000000001\t' }, []],
])('user: %s', (_, cells, expected) => {
  expect(verdictsOn(USERS, cells)).toEqual(expected);
});

test('what Muster puts together says what it does not know, and nothing opens on it', () => {
  const cloud = { ...USERS, kind: 'credential-report' };
  const untold = { MayBeAtRisk: 'unknown:no_api', lastUsedDate: 'unknown:not_told', CreationTime: ago(60) };

  expect(verdictsOn(cloud, robot(key(1, untold)))).toEqual([]);
  expect(verdictsOn(cloud, robot(key(1, { ...untold, CreationTime: ago(91) })))).toEqual(['user.key.too_old']);
});
