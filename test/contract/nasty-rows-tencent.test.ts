import { expect, test } from 'vitest';
import { tencentAgo as ago, type Cells, type Cloud, verdictsOn } from '../kit/nasty-rows.ts';

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
const WECOM = { UserType: 'WeWork Sub-user', PasswordEnabled: 'not_supported', PasswordLastRotation: 'not_supported' };
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
  [
    'a WeCom user, who signs in without a password: none is unused, none is beside a key',
    { ...WECOM, ...key(1, NEVER), 'Last Console Login Time': ago(60) },
    [],
  ],
  ['a WeCom user without MFA', { ...WECOM, MFADeviceActive: 'FALSE' }, ['user.console.no_mfa']],
  ['a WeCom user who is gone', { ...WECOM, 'Last Console Login Time': ago(90) }, ['user.inactive']],
  [
    'the international spelling of it',
    { ...WECOM, UserType: 'WeWork-Sub-user', 'Last Console Login Time': ago(60) },
    [],
  ],
  [
    'a password, while the console is closed',
    { ...robot(key(1)), PasswordEnabled: 'TRUE', PasswordLastRotation: ago(200), MFADeviceActive: 'FALSE' },
    [],
  ],
  [
    'a console, while there is no password',
    { PasswordEnabled: 'FALSE', PasswordLastRotation: 'FALSE', 'Last Console Login Time': ago(60), ...key(1) },
    [],
  ],
  ['MFA not_supported, while somebody signs in, opens nothing', { MFADeviceActive: 'not_supported' }, []],
  [
    'made an hour ago in Beijing, which is later than now in UTC',
    { CreationTime: ago(0, 3_600), MFADeviceActive: 'FALSE' },
    ['user.console.no_mfa'],
  ],
  ['made after the cloud looked', { CreationTime: ago(0, -5), MFADeviceActive: 'FALSE' }, []],
  ['a number in the column that says Num', { 'Abnormal LoginsNumWithin30Days': '3' }, ['login.abnormal']],
  ['a zero in it', { 'Abnormal LoginsNumWithin30Days': '0' }, []],
  ['a key whose id is left out', robot(key(1, { SecretId: '', CreationTime: ago(91) })), ['user.key.too_old']],
  ['a key in the second slot alone', robot(key(2, { CreationTime: ago(91) })), ['user.key.too_old']],
  ['a day without a time', robot(key(1, { CreationTime: ago(92).slice(0, 10) })), ['user.key.too_old']],
  ['a status in small letters', robot(key(1, { Status: 'active', CreationTime: ago(91) })), ['user.key.too_old']],
  [
    'a collaborator without MFA, who signs in elsewhere',
    {
      ...WECOM,
      UserType: 'Collaborator',
      LoginConsoleActive: 'not_supported',
      MFADeviceActive: 'FALSE',
      LoginProtectionActive: 'FALSE',
    },
    [],
  ],
  ['nothing usable', robot(), ['user.inactive']],
  ['a tab behind a long number', { 'Account ID': '100000000001\t' }, []],
])('user: %s', (_, cells, expected) => {
  expect(verdictsOn(USERS, cells)).toEqual(expected);
});

test.each(['Username', 'N/A', 'FALSE', '=1+1', '\u5f20\u4e09'])(
  'a user called %s is a user like all others',
  (Username) => {
    expect(verdictsOn(USERS, { Username })).toEqual([]);
    expect(verdictsOn(USERS, { Username, MFADeviceActive: 'FALSE' })).toEqual(['user.console.no_mfa']);
  },
);

test('what Muster puts together says what it does not know, and nothing opens on it', () => {
  const cloud = { ...USERS, kind: 'credential-report' };
  const untold = { MayBeAtRisk: 'unknown:no_api', lastUsedDate: 'unknown:not_told', CreationTime: ago(60) };

  expect(verdictsOn(cloud, robot(key(1, untold)))).toEqual([]);
  expect(verdictsOn(cloud, robot(key(1, { ...untold, CreationTime: ago(91) })))).toEqual(['user.key.too_old']);
});
