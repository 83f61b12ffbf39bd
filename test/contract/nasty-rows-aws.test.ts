import { expect, test } from 'vitest';
import { ago, type Cloud, verdictsOn } from '../kit/nasty-rows.ts';

const KEY = (slot: number, cells: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(
    Object.entries({
      active: 'true',
      last_rotated: ago(10),
      last_used_date: ago(1),
      last_used_region: 'eu-central-1',
      last_used_service: 's3',
      ...cells,
    }).map(([name, cell]) => [`access_key_${slot}_${name}`, cell]),
  );
const NO_KEY = {
  active: 'false',
  last_rotated: 'N/A',
  last_used_date: 'N/A',
  last_used_region: 'N/A',
  last_used_service: 'N/A',
};

/** Someone who signs in daily, with MFA: nothing is wrong. */
const ALICE = {
  user: 'alice',
  arn: 'arn:aws:iam::123456789012:user/alice',
  user_creation_time: ago(400),
  password_enabled: 'true',
  password_last_used: ago(1),
  password_last_changed: ago(30),
  password_next_rotation: 'N/A',
  mfa_active: 'true',
  ...KEY(1, NO_KEY),
  ...KEY(2, NO_KEY),
  cert_1_active: 'false',
  cert_1_last_rotated: 'N/A',
  cert_2_active: 'false',
  cert_2_last_rotated: 'N/A',
};
const ROOT = {
  ...ALICE,
  user: '<root_account>',
  arn: 'arn:aws:iam::123456789012:root',
  password_next_rotation: 'not_supported',
  password_last_used: ago(200),
};
const USERS: Cloud = {
  provider: 'aws',
  accountId: '123456789012',
  kind: 'credential-report',
  part: 'report.csv',
  name: 'user',
  plain: ALICE,
  others: [ROOT],
};
const ROOTS: Cloud = { ...USERS, plain: ROOT, others: [ALICE] };

const ROBOT = {
  password_enabled: 'false',
  password_last_used: 'N/A',
  password_last_changed: 'N/A',
  mfa_active: 'false',
};
const robot = (...keys: readonly object[]) => Object.assign({}, ROBOT, ...keys) as Readonly<Record<string, string>>;
const person = (cells: Readonly<Record<string, string>>) => cells;

// Each row is a mistake that a tool was seen to make with it: the right verdict beside it.
test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ['nothing wrong', {}, []],
  [
    'booleans as the documentation prints them',
    { password_enabled: 'TRUE', mfa_active: 'FALSE' },
    ['user.console.no_mfa'],
  ],
  ['no password, no MFA: nobody signs in', robot(KEY(1)), []],
  [
    'a password never used, old: no_information is no pass',
    { password_last_used: 'no_information', password_last_changed: ago(46) },
    ['user.password.unused'],
  ],
  ['a password never used, new', { password_last_used: 'no_information', password_last_changed: ago(44) }, []],
  ['a password unused for 45 days to the second', { password_last_used: ago(45) }, ['user.password.unused']],
  ['a second less', { password_last_used: ago(45, -1) }, []],
  ['a use long ago of a password that is gone', robot(KEY(1), { password_last_used: ago(300) }), []],
  [
    'a key never used, old: N/A is no pass',
    robot(KEY(1, { last_rotated: ago(60), last_used_date: 'N/A', last_used_region: 'N/A', last_used_service: 'N/A' })),
    ['user.key.unused'],
  ],
  [
    'a key never used, new',
    robot(KEY(1, { last_rotated: ago(44), last_used_date: 'N/A', last_used_region: 'N/A', last_used_service: 'N/A' })),
    [],
  ],
  ['a key in use from no region: S3', robot(KEY(1, { last_used_region: 'N/A' })), []],
  ['a key of 90 days and 23 hours', robot(KEY(1, { last_rotated: ago(90, 82_800) })), []],
  ['a key of 91 days', robot(KEY(1, { last_rotated: ago(91) })), ['user.key.too_old']],
  [
    'an old key that is inactive: neither old nor unused, but left',
    robot(KEY(1, { active: 'false', last_rotated: ago(400), last_used_date: 'N/A' }), KEY(2)),
    ['user.key.inactive_left'],
  ],
  ['an inactive key of 30 days', robot(KEY(1, { active: 'false', last_rotated: ago(30) }), KEY(2)), []],
  ['a key in the second slot alone', robot(KEY(2, { last_rotated: ago(100) })), ['user.key.too_old']],
  [
    'two active keys, one of them too old: a finding for it alone',
    robot(KEY(1), KEY(2, { last_rotated: ago(100) })),
    ['user.key.too_old', 'user.key.two_active'],
  ],
  ['two keys, one inactive', robot(KEY(1), KEY(2, { active: 'false' })), []],
  [
    'a password and a key that was never used',
    person({ ...KEY(1, { last_used_date: 'N/A' }) }),
    ['user.key.never_used', 'user.password_and_key'],
  ],
  [
    'a password and a key that was never used and is inactive',
    person({ ...KEY(1, { last_used_date: 'N/A', active: 'false' }) }),
    [],
  ],
  ['nothing usable at all', robot(), ['user.inactive']],
  ['a user made after the cloud looked', { user_creation_time: ago(0, -5), mfa_active: 'false' }, []],
  [
    'a zero for a time: not told, and no use two thousand years ago',
    robot(KEY(1, { last_rotated: ago(100), last_used_date: '0001-01-01T00:00:00Z' })),
    ['user.key.too_old'],
  ],
  ['a zero of Unix for a time', robot(KEY(1, { last_used_date: '1970-01-01T00:00:00Z' })), []],
  [
    'no_information of a key, as the guide prints it',
    robot(KEY(1, { last_rotated: ago(50), last_used_date: 'no_information' })),
    ['user.key.unused'],
  ],
  ['dates with +00:00', robot(KEY(1, { last_rotated: `${ago(91).slice(0, 19)}+00:00` })), ['user.key.too_old']],
  [
    'a name with a comma and a quote',
    { ...robot(KEY(1)), user: '=a,"b"', arn: 'arn:aws:iam::123456789012:user/=a,"b"' },
    [],
  ],
  [
    'a user called root is a user',
    { user: 'root', arn: 'arn:aws:iam::123456789012:user/root', mfa_active: 'false' },
    ['user.console.no_mfa'],
  ],
  ['an active certificate', { cert_2_active: 'true', cert_2_last_rotated: ago(9) }, ['user.cert.active']],
  ['an inactive certificate', { cert_1_active: 'false', cert_1_last_rotated: ago(9) }, []],
  ['more keys than columns', { additional_credentials_info: '1 access key' }, ['user.key.extra']],
  ['a column of which nothing is said', { additional_credentials_info: 'N/A' }, []],
  ['MFA that is not understood opens nothing', { mfa_active: 'perhaps' }, []],
  [
    'a password that will never have to be changed',
    { password_next_rotation: 'N/A', password_last_changed: ago(900) },
    [],
  ],
])('user: %s', (_, cells, expected) => {
  expect(verdictsOn(USERS, cells)).toEqual(expected);
});

test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ['nothing wrong', {}, []],
  ['no MFA', { mfa_active: 'false' }, ['root.mfa.missing']],
  [
    'no MFA, and no password either: a member without root credentials',
    { mfa_active: 'false', password_enabled: 'false' },
    [],
  ],
  [
    'no MFA, and an old report that cannot say whether there is a password',
    { mfa_active: 'false', password_enabled: 'not_supported' },
    ['root.mfa.missing'],
  ],
  ['a key', KEY(1, { last_used_date: 'N/A' }), ['root.key.exists']],
  ['an inactive key is a warning', KEY(1, { active: 'false', last_used_date: 'N/A' }), ['root.key.exists warn']],
  [
    'an old key, unused: not of the checks of users',
    KEY(1, { last_rotated: ago(900), last_used_date: ago(800) }),
    ['root.key.exists'],
  ],
  ['a password that nobody uses: not of the checks of users', { password_last_used: ago(900) }, []],
  ['a sign-in a day ago', { password_last_used: ago(1) }, ['root.used.recently']],
  ['a sign-in a day and a second ago', { password_last_used: ago(1, 1) }, []],
  ['a key used an hour ago', KEY(1, { last_used_date: ago(0, 3_600) }), ['root.key.exists', 'root.used.recently']],
  ['a certificate', { cert_1_active: 'true', cert_1_last_rotated: ago(9) }, ['root.cert.active']],
])('root: %s', (_, cells, expected) => {
  expect(verdictsOn(ROOTS, cells)).toEqual(expected);
});
