import { expect, test } from 'vitest';
import { ago, type Cells, type Cloud, verdictsOn } from '../kit/nasty-rows.ts';

const NONE = { exist: 'FALSE', active: 'N/A', last_rotated: 'N/A', last_used: 'N/A' };
const USED = { exist: 'TRUE', active: 'TRUE', last_rotated: ago(10), last_used: ago(1) };
const key = (slot: number, cells: Cells = {}) =>
  Object.fromEntries(Object.entries({ ...USED, ...cells }).map(([name, cell]) => [`access_key_${slot}_${name}`, cell]));
const further = (cells: Cells = {}, slot = 1) =>
  Object.fromEntries(
    Object.entries({ ...USED, ...cells }).map(([name, cell]) => [`additional_access_key_${slot}_${name}`, cell]),
  );

const ANNA = {
  user: 'anna@example.onaliyun.com',
  user_creation_time: ago(400),
  user_last_logon: ago(1),
  password_exist: 'TRUE',
  password_active: 'TRUE',
  password_last_changed: ago(30),
  password_next_rotation: '-',
  mfa_active: 'TRUE',
  ...key(1, NONE),
  ...key(2, NONE),
};
const ROOT = {
  ...ANNA,
  user: '<root>',
  user_last_logon: ago(200),
  password_active: 'N/A',
  password_next_rotation: 'N/A',
};
const USERS: Cloud = {
  provider: 'alibaba',
  accountId: '1234567890123456',
  kind: 'credential-report',
  part: 'report.csv',
  name: 'user',
  plain: ANNA,
  others: [ROOT],
};
const ROOTS: Cloud = { ...USERS, plain: ROOT, others: [ANNA] };

const NO_CONSOLE = {
  user_last_logon: '-',
  password_exist: 'FALSE',
  password_active: 'N/A',
  password_last_changed: 'N/A',
  password_next_rotation: 'N/A',
  mfa_active: 'N/A',
};
const LOCKED = {
  user_last_logon: 'LOGIN_DISABLED',
  password_exist: 'LOGIN_DISABLED',
  password_active: 'LOGIN_DISABLED',
  password_last_changed: 'LOGIN_DISABLED',
  password_next_rotation: 'LOGIN_DISABLED',
  mfa_active: 'LOGIN_DISABLED',
};
const robot = (...keys: readonly Cells[]) => Object.assign({}, NO_CONSOLE, ...keys) as Cells;

test.each<[string, Cells, readonly string[]]>([
  ['nothing wrong', {}, []],
  ['no MFA', { mfa_active: 'FALSE' }, ['user.console.no_mfa']],
  ['MFA N/A: there is no console to sign in to', robot(key(1)), []],
  ['a password that exists and is inactive', { password_active: 'FALSE', mfa_active: 'FALSE', ...key(1) }, []],
  ['LOGIN_DISABLED, which no documentation names: nobody signs in', { ...LOCKED, ...key(1) }, []],
  [
    '90 days without a sign-in, by the Alibaba benchmark',
    { user_last_logon: ago(90) },
    ['user.inactive', 'user.password.unused'],
  ],
  ['a second less', { user_last_logon: ago(90, -1) }, []],
  ['60 days, which AWS would not allow', { user_last_logon: ago(60) }, []],
  [
    'never signed in, password old',
    { user_last_logon: '-', password_last_changed: ago(90) },
    ['user.inactive', 'user.password.unused'],
  ],
  [
    'never signed in, and its password is older than what the cloud remembers',
    { user_last_logon: '-', password_last_changed: 'N/A' },
    ['user.inactive', 'user.password.unused'],
  ],
  ['a password to be changed in the past, not asked by default', { password_next_rotation: ago(1) }, []],
  [
    'a key never used: a hyphen is no pass',
    robot(key(1, { last_rotated: ago(45), last_used: '-' })),
    ['user.key.unused'],
  ],
  ['a key never used, new', robot(key(1, { last_rotated: ago(44), last_used: '-' })), []],
  ['a key of 91 days', robot(key(1, { last_rotated: ago(91) })), ['user.key.too_old']],
  [
    'an inactive key, left',
    robot(key(1), key(2, { active: 'FALSE', last_rotated: ago(31) })),
    ['user.key.inactive_left'],
  ],
  [
    'a third key, which tools that read two slots do not see',
    robot(key(1), further({ last_rotated: ago(200), last_used: ago(100) })),
    ['user.key.extra', 'user.key.too_old', 'user.key.two_active', 'user.key.unused'],
  ],
  ['a third key alone, the first two deleted', robot(further()), ['user.key.extra']],
  ['a third key that does not exist', robot(key(1), further(NONE)), []],
  ['a password and a key', key(1), ['user.password_and_key']],
  [
    'a password and a key that was never used',
    key(1, { last_used: '-' }),
    ['user.key.never_used', 'user.password_and_key'],
  ],
  [
    'booleans as Python prints them',
    { mfa_active: 'False', password_exist: 'True', password_active: 'True' },
    ['user.console.no_mfa'],
  ],
  ['no password, but a sign-in through SSO yesterday', robot({ user_last_logon: ago(1) }), []],
  ['no password, and the last sign-in through SSO 90 days ago', robot({ user_last_logon: ago(90) }), ['user.inactive']],
  [
    'no password, a sign-in through SSO yesterday, and a key that is not used',
    robot(key(1, { last_used: ago(91) }), { user_last_logon: ago(1) }),
    ['user.key.unused'],
  ],
  [
    'a password that is inactive, old sign-in',
    { password_active: 'FALSE', user_last_logon: ago(200) },
    ['user.inactive'],
  ],
  [
    'the fourth key of four',
    robot(key(1), further(NONE, 1), further({ last_rotated: ago(91) }, 2)),
    ['user.key.extra', 'user.key.too_old', 'user.key.two_active'],
  ],
  [
    'empty cells where only others have a third key',
    robot(key(1), further({ exist: '', active: '', last_rotated: '', last_used: '' })),
    [],
  ],
  ['a column that nobody knows, last, with numbers', robot(key(1), { password_age: '12' }), []],
  ['nothing usable', robot(), ['user.inactive']],
  ['nothing usable while the login is disabled', LOCKED, ['user.inactive']],
  ['a user made after the cloud looked', { user_creation_time: ago(0, -5), mfa_active: 'FALSE' }, []],
  ['MFA that is not understood opens nothing', { mfa_active: '' }, []],
])('user: %s', (_, cells, expected) => {
  expect(verdictsOn(USERS, cells)).toEqual(expected);
});

test.each(['user', 'root', '<root>', 'N/A', 'T', '2026', '=1+1', '\u5f20\u4e09'])(
  'a user called %s is a user like all others',
  (name) => {
    const user = `${name}@example.onaliyun.com`;

    expect(verdictsOn(USERS, { user })).toEqual([]);
    expect(verdictsOn(USERS, { user, mfa_active: 'FALSE' })).toEqual(['user.console.no_mfa']);
  },
);

test.each<[string, Cells, readonly string[]]>([
  ['nothing wrong', {}, []],
  ['no MFA: its password is active, whatever N/A says', { mfa_active: 'FALSE' }, ['root.mfa.missing']],
  ['a key', key(1), ['root.key.exists', 'root.used.recently']],
  ['an inactive key is a warning', key(1, { active: 'FALSE', last_used: '-' }), ['root.key.exists warn']],
  ['a third key', further({ last_used: '-' }), ['root.key.exists']],
  ['a sign-in a day ago', { user_last_logon: ago(1) }, ['root.used.recently']],
  ['a sign-in a day and a second ago', { user_last_logon: ago(1, 1) }, []],
  [
    'never signed in, an old password: not of the checks of users',
    { user_last_logon: '-', password_last_changed: ago(900) },
    [],
  ],
])('root: %s', (_, cells, expected) => {
  expect(verdictsOn(ROOTS, cells)).toEqual(expected);
});
