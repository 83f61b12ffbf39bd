import { describe, expect, test } from 'vitest';
import { collaborator, messageReceiver, statuses, tencentUser } from '../../../test/kit/judged.ts';
import { accessKey, consoleUser, DAY, known, NEVER, root, T0, UNKNOWN, user } from '../../../test/kit/records.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import { rootUsedRecently } from './root-used-recently.ts';
import { userInUse } from './user-in-use.ts';
import { userInactive } from './user-inactive.ts';
import { userKeyNeverUsed } from './user-key-never-used.ts';
import { userKeyUnused } from './user-key-unused.ts';
import { userPasswordUnused } from './user-password-unused.ts';

const SECOND = 1_000;
const ago = (ms: number) => known(T0 - ms);
const inactive = { active: known(false) };
const usedKey = (ms: number, more = {}) => accessKey({ createdAt: ago(400 * DAY), lastUsedAt: ago(ms), ...more });
const newKey = (ms: number, more = {}) => accessKey({ createdAt: ago(ms), ...more });
const keyed = (...accessKeys: ReturnType<typeof accessKey>[]) => user('alice', { accessKeys });
const signedIn = (ms: number) => consoleUser('alice', { console: { lastUsedAt: ago(ms) } });
const never = (changedMs: number) => consoleUser('alice', { console: { passwordChangedAt: ago(changedMs) } });
const young = { createdAt: known(T0 + SECOND) };

type Rows = [string, CredentialRecord, string[]][];

describe('user.password.unused', () => {
  test.each<Rows[number]>([
    ['45 days less a second', signedIn(45 * DAY - SECOND), []],
    ['45 days', signedIn(45 * DAY), ['fail']],
    ['45 days and a second', signedIn(45 * DAY + SECOND), ['fail']],
    ['never, changed 45 days ago less a second', never(45 * DAY - SECOND), []],
    ['never, changed 45 days ago', never(45 * DAY), ['fail']],
    ['never, changed lately by an old user', never(DAY), []],
    ['never, change not told, old user', consoleUser('a', { console: { passwordChangedAt: UNKNOWN } }), ['fail']],
    [
      'never, change not told, new user',
      consoleUser('a', { identity: { createdAt: ago(44 * DAY) }, console: { passwordChangedAt: UNKNOWN } }),
      [],
    ],
    [
      'last use not told',
      consoleUser('a', { console: { lastUsedAt: UNKNOWN, passwordChangedAt: ago(60 * DAY) } }),
      ['unknown'],
    ],
    [
      'last use not told, new user',
      consoleUser('a', { identity: { createdAt: ago(DAY) }, console: { lastUsedAt: UNKNOWN } }),
      [],
    ],
    ['no password', user('a', { console: { lastUsedAt: ago(100 * DAY) } }), []],
    [
      'password not told, old',
      consoleUser('a', { console: { enabled: UNKNOWN, lastUsedAt: ago(90 * DAY) } }),
      ['unknown'],
    ],
    ['password not told, in use', consoleUser('a', { console: { enabled: UNKNOWN, lastUsedAt: ago(DAY) } }), []],
    [
      'younger than the report',
      consoleUser('a', { identity: young, console: { lastUsedAt: ago(50 * DAY) } }),
      ['unknown'],
    ],
    ['root', root({ console: { lastUsedAt: ago(400 * DAY) } }), []],
    ['a collaborator', collaborator({ console: { lastUsedAt: ago(400 * DAY) } }), []],
  ])('%s', (_, record, expected) => {
    expect(statuses(userPasswordUnused, record)).toEqual(expected);
  });

  test.each([
    ['aws', 45],
    ['alibaba', 90],
    ['tencent', 45],
  ])('%s allows less than %i days', (provider, days) => {
    expect(statuses(userPasswordUnused, signedIn(days * DAY - SECOND), { provider })).toEqual([]);
    expect(statuses(userPasswordUnused, signedIn(days * DAY), { provider })).toEqual(['fail']);
    expect(statuses(userPasswordUnused, never(days * DAY), { provider })).toEqual(['fail']);
  });
});

test.each<Rows[number]>([
  ['45 days less a second', keyed(usedKey(45 * DAY - SECOND)), []],
  ['45 days', keyed(usedKey(45 * DAY)), ['fail']],
  ['45 days and a second', keyed(usedKey(45 * DAY + SECOND)), ['fail']],
  ['never, made 45 days ago less a second', keyed(newKey(45 * DAY - SECOND)), []],
  ['never, made 45 days ago', keyed(newKey(45 * DAY)), ['fail']],
  ['inactive', keyed(usedKey(90 * DAY, inactive)), []],
  ['status not told', keyed(usedKey(90 * DAY, { active: UNKNOWN })), ['unknown']],
  ['last use not told, old key', keyed(newKey(90 * DAY, { lastUsedAt: UNKNOWN })), ['unknown']],
  ['last use not told, new key', keyed(newKey(9 * DAY, { lastUsedAt: UNKNOWN })), []],
  ['never used, creation not told', keyed(accessKey({ createdAt: UNKNOWN })), ['unknown']],
  ['two keys, one unused', keyed(usedKey(DAY), usedKey(50 * DAY)), ['fail']],
  ['younger than the report', user('a', { identity: young, accessKeys: [usedKey(50 * DAY)] }), ['unknown']],
  ['root', root({ accessKeys: [usedKey(90 * DAY)] }), []],
  ["Tencent Cloud's, unused", tencentUser({ accessKeys: [usedKey(45 * DAY, { id: 'AKID' })] }), ['fail']],
])('user.key.unused: %s', (_, record, expected) => {
  expect(statuses(userKeyUnused, record)).toEqual(expected);
});

test.each<Rows[number]>([
  ['never used, with a password', consoleUser('a', { accessKeys: [newKey(0)] }), ['fail']],
  ['never used, no password', keyed(newKey(90 * DAY)), []],
  ['used', consoleUser('a', { accessKeys: [usedKey(0)] }), []],
  ['inactive', consoleUser('a', { accessKeys: [newKey(DAY, inactive)] }), []],
  ['use not told', consoleUser('a', { accessKeys: [newKey(DAY, { lastUsedAt: UNKNOWN })] }), ['unknown']],
  ['password not told', consoleUser('a', { console: { enabled: UNKNOWN }, accessKeys: [newKey(0)] }), ['unknown']],
  ['root', root({ accessKeys: [newKey(DAY)] }), []],
])('user.key.never_used: %s', (_, record, expected) => {
  expect(statuses(userKeyNeverUsed, record)).toEqual(expected);
});

test('user.key.never_used leaves a new key alone for the days of grace', () => {
  const made = (ms: number) => consoleUser('a', { accessKeys: [newKey(ms)] });
  const week = { thresholds: { grace_days: 7 } };

  expect(statuses(userKeyNeverUsed, made(7 * DAY - SECOND), week)).toEqual([]);
  expect(statuses(userKeyNeverUsed, made(7 * DAY), week)).toEqual(['fail']);
});

test.each<Rows[number]>([
  ['a sign-in a day ago', root({ console: { lastUsedAt: ago(DAY) } }), ['fail']],
  ['a sign-in a day and a second ago', root({ console: { lastUsedAt: ago(DAY + SECOND) } }), []],
  ['a sign-in a day ago less a second', root({ console: { lastUsedAt: ago(DAY - SECOND) } }), ['fail']],
  ['a key used an hour ago', root({ accessKeys: [usedKey(DAY / 24)] }), ['fail']],
  ['a second key used an hour ago', root({ accessKeys: [usedKey(9 * DAY), usedKey(DAY / 24, inactive)] }), ['fail']],
  ['never used', root(), []],
  ['last use not told', root({ console: { lastUsedAt: UNKNOWN } }), ['unknown']],
  ['last sign-in not told, key used', root({ console: { lastUsedAt: UNKNOWN }, accessKeys: [usedKey(0)] }), ['fail']],
  ['a user', signedIn(0), []],
])('root.used.recently: %s', (_, record, expected) => {
  expect(statuses(rootUsedRecently, record)).toEqual(expected);
});

test.each<Rows[number]>([
  ['a sign-in 15 days ago', signedIn(15 * DAY), ['fail']],
  ['a sign-in 15 days and a second ago', signedIn(15 * DAY + SECOND), []],
  ['a key in use', keyed(usedKey(DAY)), ['fail']],
  ['root', root({ console: { lastUsedAt: ago(0) } }), []],
])('user.in_use: %s', (_, record, expected) => {
  expect(statuses(userInUse, record)).toEqual(expected);
});

const both = (loginMs: number, keyMs: number) =>
  consoleUser('a', { console: { lastUsedAt: ago(loginMs) }, accessKeys: [usedKey(keyMs)] });

test.each<Rows[number]>([
  ['both 90 days ago', both(90 * DAY, 90 * DAY), ['fail']],
  ['one of them a second later', both(90 * DAY, 90 * DAY - SECOND), []],
  ['both long ago', both(200 * DAY, 91 * DAY), ['fail']],
  ['a key that is inactive now, used lately', keyed(usedKey(DAY, inactive), usedKey(100 * DAY)), []],
  ['never used, all old', consoleUser('a', { console: { passwordChangedAt: ago(90 * DAY) } }), ['fail']],
  ['never used, password new', never(DAY), []],
  ['never used, key new', keyed(newKey(DAY)), []],
  ['a new user', consoleUser('a', { identity: { createdAt: ago(DAY) }, console: { lastUsedAt: ago(99 * DAY) } }), []],
  ['nothing usable', user('a'), ['fail']],
  ['nothing usable but an inactive key', keyed(usedKey(DAY, inactive)), ['fail']],
  [
    'a certificate that may be in use',
    user('a', { certificates: [{ slot: 1, active: known(true), createdAt: ago(0) }] }),
    ['unknown'],
  ],
  ['last sign-in not told', consoleUser('a', { console: { lastUsedAt: UNKNOWN } }), ['unknown']],
  ['last sign-in not told, key in use', both(0, DAY), []],
  ['a collaborator who signed in', collaborator({ console: { lastUsedAt: ago(DAY) } }), []],
  ['a collaborator who did not', collaborator({ console: { lastUsedAt: NEVER } }), ['fail']],
  ['a message receiver', messageReceiver(), []],
  ['root', root({ console: { lastUsedAt: ago(999 * DAY) } }), []],
])('user.inactive: %s', (_, record, expected) => {
  expect(statuses(userInactive, record)).toEqual(expected);
});
