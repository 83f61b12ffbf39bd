import { expect, test } from 'vitest';
import { ago, type Cells, verdictsOn } from '../kit/nasty-rows.ts';
import { emptied, KEY, NO_CERTIFICATES, NO_KEY, ROOTS, robot, USERS } from '../kit/nasty-rows-aws.ts';

// Each row is a mistake that a tool was seen to make with it: the right verdict beside it.
test.each<[string, Cells, readonly string[]]>([
  ['nothing wrong', {}, []],
  [
    'booleans as the documentation prints them',
    { password_enabled: 'TRUE', mfa_active: 'FALSE' },
    ['user.console.no_mfa'],
  ],
  ['booleans as Python prints them', { password_enabled: 'True', mfa_active: 'False' }, ['user.console.no_mfa']],
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
  [
    'an inactive key as the guide has it, without a date: its use shows that it is there',
    robot(KEY(1, { active: 'false', last_rotated: 'N/A', last_used_date: ago(3) }), KEY(2)),
    [],
  ],
  [
    'a second key that was never used, beside a first that is in use',
    robot(KEY(1), KEY(2, { last_rotated: ago(60), last_used_date: 'N/A' })),
    ['user.key.two_active', 'user.key.unused'],
  ],
  [
    'an active key without a date, used long ago',
    robot(KEY(1, { last_rotated: 'N/A', last_used_date: ago(50) })),
    ['user.key.unused'],
  ],
  ['a key in the second slot alone', robot(KEY(2, { last_rotated: ago(100) })), ['user.key.too_old']],
  [
    'two active keys, one of them too old: a finding for it alone',
    robot(KEY(1), KEY(2, { last_rotated: ago(100) })),
    ['user.key.too_old', 'user.key.two_active'],
  ],
  [
    'a new key that was never used and an old one in use: what is wrong with each alone is wrong with neither',
    robot(KEY(1, { last_used_date: 'N/A' }), KEY(2, { last_rotated: ago(89) })),
    ['user.key.two_active'],
  ],
  ['nothing where N/A was: no key', emptied(robot(KEY(1), NO_KEY(2))), []],
  [
    'a key last used before it was last changed: the use counts',
    robot(KEY(1, { last_rotated: ago(10), last_used_date: ago(46) })),
    ['user.key.unused'],
  ],
  [
    'a new password, last signed in with the one before: the sign-in counts',
    { password_last_changed: ago(2), password_last_used: ago(46) },
    ['user.password.unused'],
  ],
  [
    'a sign-in and a key later than the report',
    { ...KEY(1, { last_rotated: ago(-1), last_used_date: ago(-1), active: 'false' }), password_last_used: ago(-1) },
    [],
  ],
  [
    'words of a well-known fake: not_supported where there is no password, no region and no service',
    robot(
      KEY(1, {
        last_rotated: ago(50),
        last_used_date: 'N/A',
        last_used_region: 'not_supported',
        last_used_service: 'not_supported',
      }),
      {
        password_last_used: 'not_supported',
        password_last_changed: ago(400),
        password_next_rotation: 'not_supported',
      },
    ),
    ['user.key.unused'],
  ],
  ['two keys, one inactive', robot(KEY(1), KEY(2, { active: 'false' })), []],
  [
    'a password and a key that was never used',
    KEY(1, { last_used_date: 'N/A' }),
    ['user.key.never_used', 'user.password_and_key'],
  ],
  ['a password and a key that was never used and is inactive', KEY(1, { last_used_date: 'N/A', active: 'false' }), []],
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
  ['dates with a fraction', robot(KEY(1, { last_rotated: `${ago(91).slice(0, 19)}.250Z` })), []],
  [
    'dates of another zone',
    robot(KEY(1, { last_rotated: `${ago(91, -8 * 3_600).slice(0, 19)}+08:00` })),
    ['user.key.too_old'],
  ],
  ['an active certificate', { cert_2_active: 'true', cert_2_last_rotated: ago(9) }, ['user.cert.active']],
  ['an inactive certificate', { cert_1_active: 'false', cert_1_last_rotated: ago(9) }, []],
  ['more keys than columns', { additional_credentials_info: '1 access key' }, ['user.key.extra']],
  ['no further keys, in a number', { additional_credentials_info: '0' }, []],
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

test('the root of a GovCloud account has no way into the console, and can have no MFA', () => {
  const alone = { ...ROOTS, others: [] };
  const cells = {
    arn: 'arn:aws-us-gov:iam::123456789012:root',
    password_enabled: 'not_supported',
    mfa_active: 'false',
  };

  expect(verdictsOn(alone, cells)).toEqual([]);
  expect(verdictsOn(alone, { ...cells, ...KEY(1) })).toEqual(['root.key.exists', 'root.used.recently']);
});

test.each([
  'root',
  '<root>',
  'root_account',
  'user',
  'N/A',
  'true',
  '=1+1',
  'a,"b"',
  'a\nb',
  ' alice',
  'ALICE',
  'root/alice',
])('a user called %j is a user like all others', (name) => {
  const cells = { user: name.replace(/^root\//, ''), arn: `arn:aws:iam::123456789012:user/${name}` };

  expect(verdictsOn(USERS, cells)).toEqual([]);
  expect(verdictsOn(USERS, { ...cells, mfa_active: 'false' })).toEqual(['user.console.no_mfa']);
});

test.each<[string, Cells, readonly string[]]>([
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
  [
    'a key used an hour ago that is inactive, and without a date as the guide has it',
    KEY(1, { active: 'false', last_rotated: 'N/A', last_used_date: ago(0, 3_600) }),
    ['root.key.exists warn', 'root.used.recently'],
  ],
  [
    'a second key alone, used, while nobody ever signed in',
    { password_last_used: 'no_information', ...KEY(2, { last_used_date: ago(1) }) },
    ['root.key.exists', 'root.used.recently'],
  ],
  [
    'a sign-in long ago hides no use of a key',
    { password_last_used: ago(90), ...KEY(2, { last_used_date: ago(0, 60) }) },
    ['root.key.exists', 'root.used.recently'],
  ],
  [
    'no password, but a key',
    {
      password_enabled: 'false',
      password_last_used: 'N/A',
      password_last_changed: 'N/A',
      mfa_active: 'false',
      ...KEY(1, { last_used_date: 'N/A' }),
    },
    ['root.key.exists'],
  ],
  ['nothing where N/A was: no key', emptied({ ...NO_KEY(1), ...NO_KEY(2), ...NO_CERTIFICATES }), []],
  ['nobody ever signed in', { password_last_used: 'no_information' }, []],
  ['a certificate', { cert_1_active: 'true', cert_1_last_rotated: ago(9) }, ['root.cert.active']],
])('root: %s', (_, cells, expected) => {
  expect(verdictsOn(ROOTS, cells)).toEqual(expected);
});
