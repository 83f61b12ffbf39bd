import { expect, test } from 'vitest';
import { changesBetween } from '../../test/kit/changes-between.ts';
import { accessKey, consoleUser, DAY, HOUR, known, root, T0, UNSUPPORTED, user } from '../../test/kit/records.ts';
import type { Event } from '../domain/event.ts';
import type { CredentialRecord } from '../domain/record.ts';
import type { ChangeRules } from '../domain/rules.ts';

const used = (instant: number) => user('a', { accessKeys: [accessKey({ lastUsedAt: known(instant) })] });

test.each([
  [30, 30 * DAY, ['access_key.used_again']],
  [30, 30 * DAY - 1_000, []],
  [120, 90 * DAY, []],
  [undefined, 90 * DAY, ['access_key.used_again']],
])('%s days of silence, a use after %i ms', (days, silenceMs, expected) => {
  const rules = days === undefined ? undefined : { silence_days: days };

  expect(changesBetween([used(T0 - silenceMs)], [used(T0)], rules).map(({ type }) => type)).toEqual(expected);
});

const keyed = (record: (changes: object) => CredentialRecord) => [record({ accessKeys: [accessKey()] })];
const alice = (changes: object) => user('alice', changes);

test.each<[string, Partial<ChangeRules>, string, string]>([
  ['nothing said', {}, 'medium', 'critical'],
  ['of users', { severity: { 'access_key.created': 'high' } }, 'high', 'critical'],
  ['of the root', { root_severity: { 'access_key.created': 'low' } }, 'medium', 'low'],
  ['of another change', { severity: { 'user.created': 'high' } }, 'medium', 'critical'],
])('severity: %s', (_, rules, ofUser, ofRoot) => {
  expect(changesBetween([alice({})], keyed(alice), rules)[0]?.severity).toBe(ofUser);
  expect(changesBetween([root()], keyed(root), rules)[0]?.severity).toBe(ofRoot);
});

test('what the config changes is no part of an id, and sends nothing again', () => {
  const rules = { silence_days: 1, severity: { 'access_key.created': 'critical' } } as const;
  const ids = (all: readonly Event[]) => all.map(({ id }) => id);

  expect(ids(changesBetween([alice({})], keyed(alice), rules))).toEqual(ids(changesBetween([alice({})], keyed(alice))));
  expect(changesBetween(keyed(alice), keyed(alice), rules)).toEqual([]);
});

test('a sign-in that became possible and happened is the first', () => {
  const closed = consoleUser('a', { console: { enabled: known(false), lastUsedAt: UNSUPPORTED } });
  const signedIn = (at: number) => consoleUser('a', { console: { lastUsedAt: known(at) } });

  expect(changesBetween([closed], [signedIn(T0 + HOUR)]).map(({ type }) => type)).toEqual([
    'console.enabled',
    'console.first_login',
  ]);
  expect(changesBetween([closed], [signedIn(T0 - HOUR)]).map(({ type }) => type)).toEqual(['console.enabled']);
});

test('a service-specific credential is switched off and on; where nobody may ask, nothing is told', () => {
  const credential = (active: boolean) => ({
    id: 'ACCA1',
    service: 'codecommit',
    active: known(active),
    createdAt: known(T0 - DAY),
    expiresAt: UNSUPPORTED,
  });
  const holder = (active: boolean) => [user('a', { serviceCredentials: [credential(active)] })];

  const [off] = changesBetween(holder(true), holder(false));
  const [on] = changesBetween(holder(false), holder(true));

  expect(off).toMatchObject({ type: 'service_credential.deactivated', severity: 'low', credential: { id: 'ACCA1' } });
  expect(off).toMatchObject({ before: { active: true }, after: { active: false } });
  expect(on).toMatchObject({ type: 'service_credential.activated', severity: 'medium' });
  expect(changesBetween(holder(true), [user('a')])).toEqual([]);
});
