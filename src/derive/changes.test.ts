import { expect, test } from 'vitest';
import { changesBetween } from '../../test/kit/changes-between.ts';
import {
  ABSENT,
  accessKey,
  consoleUser,
  HOUR,
  known,
  loaded,
  NEVER,
  root,
  T0,
  UNKNOWN,
  user,
} from '../../test/kit/records.ts';
import type { CredentialRecord } from '../domain/record.ts';
import { derive } from './derive.ts';

const NEW = T0 + 2 * HOUR;

function types(before: readonly CredentialRecord[], after: readonly CredentialRecord[]): readonly string[] {
  return changesBetween(before, after).map(({ type }) => type);
}

const noMfa = { mfa: known(false) };
const withMfa = { mfa: known(true) };
const off = { enabled: known(false) };
const passwordOf = (instant: number) => ({ passwordChangedAt: known(instant) });
const key = accessKey;
const keys = (...accessKeys: ReturnType<typeof accessKey>[]) => user('alice', { accessKeys });

test.each<[string, CredentialRecord[], CredentialRecord[], string[]]>([
  ['nothing happened', [root(), user('alice')], [root(), user('alice')], []],
  ['a user came', [], [user('alice')], ['user.created']],
  ['a user came with a password', [], [consoleUser('alice', noMfa)], ['user.created', 'console.enabled']],
  ['a user came with MFA', [], [user('alice', withMfa)], ['user.created']],
  [
    'a user came with two keys',
    [],
    [keys(key(), key({ slot: 2 }))],
    ['user.created', 'access_key.created', 'access_key.created'],
  ],
  ['a user went', [user('alice')], [], ['user.deleted']],
  [
    'a user went with password, MFA and a key',
    [consoleUser('alice', { ...withMfa, accessKeys: [key()] })],
    [],
    ['user.deleted', 'access_key.deleted'],
  ],
  [
    'a user was made again',
    [user('alice')],
    [user('alice', { identity: { createdAt: known(NEW) } })],
    ['user.deleted', 'user.created'],
  ],
  [
    'a user was made again, the unique ids say',
    [user('alice', { identity: { uniqueId: 'AIDA1' } })],
    [user('alice', { identity: { uniqueId: 'AIDA2' } })],
    ['user.deleted', 'user.created'],
  ],
  ['a unique id became known', [user('alice')], [user('alice', { identity: { uniqueId: 'AIDA1' } })], []],
  ['a creation time is not told', [user('alice')], [user('alice', { identity: { createdAt: UNKNOWN } })], []],
  ['a root row is new', [], [root({ accessKeys: [key()] })], []],
  ['a root row is missing', [root({ accessKeys: [key()] })], [], []],
  ['console on', [user('alice')], [consoleUser('alice')], ['console.enabled']],
  ['console off', [consoleUser('alice')], [user('alice')], ['console.disabled']],
  ['console not told', [consoleUser('alice')], [consoleUser('alice', { console: { enabled: UNKNOWN } })], []],
  [
    'an old root row becomes a new one',
    [root({ console: { enabled: { reason: 'unsupported' }, passwordChangedAt: { reason: 'unsupported' } } })],
    [root()],
    [],
  ],
  ['password changed', [consoleUser('a')], [consoleUser('a', { console: passwordOf(NEW) })], ['password.changed']],
  ['root password changed', [root()], [root({ console: passwordOf(NEW) })], ['password.changed']],
  [
    'a password date without a password',
    [consoleUser('a', { console: off })],
    [consoleUser('a', { console: { ...off, ...passwordOf(NEW) } })],
    [],
  ],
  ['a password date not told', [consoleUser('a')], [consoleUser('a', { console: { passwordChangedAt: UNKNOWN } })], []],
  [
    'only last-used cells',
    [consoleUser('a', { accessKeys: [key()] })],
    [consoleUser('a', { console: { lastUsedAt: known(NEW) }, accessKeys: [key({ lastUsedAt: known(NEW) })] })],
    ['access_key.first_used', 'console.first_login'],
  ],
  ['MFA on', [consoleUser('a', noMfa)], [consoleUser('a', withMfa)], ['mfa.enabled']],
  ['MFA off', [consoleUser('a', withMfa)], [consoleUser('a', noMfa)], ['mfa.disabled']],
  ['root MFA off', [root()], [root(noMfa)], ['mfa.disabled']],
  ['MFA not told', [consoleUser('a', withMfa)], [consoleUser('a', { mfa: UNKNOWN })], []],
  ['a key came', [keys()], [keys(key({ createdAt: known(NEW) }))], ['access_key.created']],
  ['a key of root came', [root()], [root({ accessKeys: [key({ createdAt: known(NEW) })] })], ['access_key.created']],
  ['a key went', [keys(key())], [keys()], ['access_key.deleted']],
  ['a key replaced', [keys(key())], [keys(key({ createdAt: known(NEW) }))], ['access_key.rotated']],
  ['a key off', [keys(key())], [keys(key({ active: known(false) }))], ['access_key.deactivated']],
  ['a key on', [keys(key({ active: known(false) }))], [keys(key())], ['access_key.activated']],
  [
    'an old key off and a new one on, when it is not told which is which',
    [keys(key({ active: known(false) }), key({ slot: 2, createdAt: known(T0) }))],
    [keys(key({ createdAt: UNKNOWN }), key({ slot: 2, createdAt: UNKNOWN, active: known(false) }))],
    [],
  ],
  [
    'twins that swapped status, as their ids say',
    [keys(key({ id: 'A' }), key({ id: 'B', active: known(false) }))],
    [keys(key({ id: 'B' }), key({ id: 'A', active: known(false) }))],
    ['access_key.deactivated', 'access_key.activated'],
  ],
  ['a status not told', [keys(key())], [keys(key({ active: UNKNOWN }))], []],
  ['a key date not told', [keys(key())], [keys(key({ createdAt: UNKNOWN }))], []],
])('%s', (_, before, after, expected) => {
  expect(types(before, after)).toEqual(expected);
});

test('a baseline tells no change', () => {
  const derived = derive(undefined, loaded([consoleUser('alice', { accessKeys: [key()] })]));

  expect(derived.filter(({ event }) => event.kind === 'change')).toEqual([]);
});

test('a change says what was, what is, and between which reports', () => {
  const [event] = changesBetween([keys(key())], [keys(key({ createdAt: known(NEW), id: 'AKIAEXAMPLE' }))]);

  expect(event).toMatchObject({
    type: 'access_key.rotated',
    occurred_at: '2026-09-11T14:00:00Z',
    time: '2026-09-11T16:01:30Z',
    severity: 'informational',
    message: 'access key rotated for alice in prod (AKIAEXAMPLE)',
    identity: { kind: 'user', name: 'alice' },
    credential: { kind: 'access_key', id: 'AKIAEXAMPLE', created_at: '2026-09-11T14:00:00Z' },
    before: { active: true, created_at: '2026-09-01T12:00:00Z' },
    after: { active: true, created_at: '2026-09-11T14:00:00Z', id: 'AKIAEXAMPLE' },
    data: { window: { after: '2026-09-11T12:00:00Z', until: '2026-09-11T16:00:00Z' } },
  });
});

test.each([
  ['user.created', [], [user('a', { identity: { createdAt: known(NEW) } })], NEW],
  ['user.deleted', [user('a')], [], T0 + 4 * HOUR],
  ['console.enabled', [user('a')], [consoleUser('a', { console: passwordOf(NEW) })], NEW],
  ['password.changed', [consoleUser('a')], [consoleUser('a', { console: passwordOf(NEW) })], NEW],
  ['mfa.enabled', [consoleUser('a')], [consoleUser('a', withMfa)], T0 + 4 * HOUR],
  ['access_key.created', [keys()], [keys(key({ createdAt: known(NEW) }))], NEW],
  ['access_key.deleted', [keys(key())], [keys()], T0 + 4 * HOUR],
] as const)('%s occurred at the best known moment', (type, before, after, instant) => {
  const event = changesBetween(before, after).find((one) => one.type === type);

  expect(event?.occurred_at).toBe(new Date(instant).toISOString().replace('.000Z', 'Z'));
});

test('what is routine for a user is not for root', () => {
  const made = [key({ createdAt: known(NEW) })];

  expect(changesBetween([root()], [root({ accessKeys: made })])[0]?.severity).toBe('critical');
  expect(changesBetween([user('a')], [user('a', { accessKeys: made })])[0]?.severity).toBe('medium');
});

test('an absent value that stays absent is no change', () => {
  const before = user('a', { console: { enabled: ABSENT, lastUsedAt: NEVER } });

  expect(types([before], [user('a')])).toEqual([]);
});

test('two keys made and gone in the same second have ids of their own', () => {
  const twins = keys(key(), key({ slot: 2 }));

  const ids = [...changesBetween([keys()], [twins]), ...changesBetween([twins], [keys()])].map(({ id }) => id);

  expect(new Set(ids).size).toBe(4);
});
