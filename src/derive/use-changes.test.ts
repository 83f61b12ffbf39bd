import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changesBetween } from '../../test/kit/changes-between.ts';
import {
  ABSENT,
  ALL_CHECKS,
  accessKey,
  consoleUser,
  DAY,
  HOUR,
  known,
  loaded,
  NEVER,
  root,
  T0,
  UNKNOWN,
  user,
} from '../../test/kit/records.ts';
import { usageReports } from '../../test/kit/usage-reports.ts';
import type { CredentialRecord } from '../domain/record.ts';
import { derive } from './derive.ts';

const NEW = T0 + 2 * HOUR;

const login = (instant: number) => consoleUser('a', { console: { lastUsedAt: known(instant) } });
const keyed = (...accessKeys: ReturnType<typeof accessKey>[]) => user('a', { accessKeys });
const used = (instant: number, more = {}) => accessKey({ lastUsedAt: known(instant), ...more });
const born = { createdAt: known(T0 + HOUR) };

test.each<[string, CredentialRecord[], CredentialRecord[], string[]]>([
  ['first sign-in', [consoleUser('a')], [login(NEW)], ['console.first_login']],
  ['one more sign-in', [login(T0 - DAY)], [login(NEW)], []],
  ['a sign-in after 90 days', [login(NEW - 90 * DAY)], [login(NEW)], ['console.login_again']],
  ['a sign-in after 90 days less a second', [login(NEW - 90 * DAY + 1_000)], [login(NEW)], []],
  ['a last sign-in that went back', [login(NEW)], [login(NEW - 200 * DAY)], []],
  ['a last sign-in not told before', [consoleUser('a', { console: { lastUsedAt: UNKNOWN } })], [login(NEW)], []],
  ['a last sign-in no longer told', [login(T0)], [consoleUser('a', { console: { lastUsedAt: UNKNOWN } })], []],
  ['a new password and its first use', [user('a')], [login(NEW)], ['console.enabled', 'console.first_login']],
  ['a password that came back, last used before', [user('a')], [login(T0 - DAY)], ['console.enabled']],
  [
    'a new user who signed in and used a key',
    [],
    [consoleUser('a', { identity: born, console: { lastUsedAt: known(NEW) }, accessKeys: [used(NEW, born)] })],
    ['user.created', 'console.enabled', 'access_key.created', 'console.first_login', 'access_key.first_used'],
  ],
  ['a renamed user, who is old', [], [login(NEW)], ['user.created', 'console.enabled']],
  ['first use of a key', [keyed(accessKey())], [keyed(used(NEW))], ['access_key.first_used']],
  ['one more use of a key', [keyed(used(T0 - DAY))], [keyed(used(NEW))], []],
  ['use of a key after 90 days', [keyed(used(NEW - 90 * DAY))], [keyed(used(NEW))], ['access_key.used_again']],
  ['use of a key after 90 days less a second', [keyed(used(NEW - 90 * DAY + 1_000))], [keyed(used(NEW))], []],
  [
    'two keys that were and were not used, when it is not told which is which',
    [keyed(accessKey({ createdAt: UNKNOWN }), used(T0 - DAY, { slot: 2, createdAt: UNKNOWN }))],
    [keyed(used(T0 - DAY), accessKey({ slot: 2, createdAt: known(T0 - DAY) }))],
    [],
  ],
  [
    'a rotation, and the new key in use',
    [keyed(used(T0))],
    [keyed(used(NEW, born))],
    ['access_key.rotated', 'access_key.first_used'],
  ],
  ['a key that moved into sight', [keyed()], [keyed(used(NEW))], ['access_key.created']],
  [
    'swapped slots, one used',
    [keyed(accessKey(), used(T0, { createdAt: known(T0 - DAY) }))],
    [keyed(used(T0, { createdAt: known(T0 - DAY) }), used(NEW))],
    ['access_key.first_used'],
  ],
  [
    'each sign-in of the root',
    [root({ console: { lastUsedAt: known(T0) } })],
    [root({ console: { lastUsedAt: known(NEW) } })],
    ['root.signed_in'],
  ],
  ['first sign-in of the root', [root()], [root({ console: { lastUsedAt: known(NEW) } })], ['root.signed_in']],
  [
    'each use of a root key',
    [root({ accessKeys: [used(T0)] })],
    [root({ accessKeys: [used(NEW)] })],
    ['root.key_used'],
  ],
  [
    'a root password that a new form of the report tells of',
    [root({ console: { lastUsedAt: UNKNOWN } })],
    [root({ console: { lastUsedAt: known(NEW) } })],
    [],
  ],
  [
    'a flagged key',
    [keyed(accessKey({ atRisk: known(false) }))],
    [keyed(accessKey({ atRisk: known(true) }))],
    ['access_key.at_risk'],
  ],
  ['a flag not told before', [keyed(accessKey({ atRisk: UNKNOWN }))], [keyed(accessKey({ atRisk: known(true) }))], []],
  ['a flag taken away', [keyed(accessKey({ atRisk: known(true) }))], [keyed(accessKey({ atRisk: known(false) }))], []],
])('%s', (_, before, after, expected) => {
  expect(changesBetween(before, after).map(({ type }) => type)).toEqual(expected);
});

const on = { loginProtection: known(true), operationProtection: known(true), abnormalLogins: known(false) };

test.each<[string, Parameters<typeof user>[1], Parameters<typeof user>[1], string[]]>([
  ['login protection off', on, { ...on, loginProtection: known(false) }, ['login_protection.disabled']],
  ['operation protection on', { ...on, operationProtection: known(false) }, on, ['operation_protection.enabled']],
  ['protection not told', on, { ...on, loginProtection: UNKNOWN }, []],
  ['protection of a cloud that came to have the word', {}, on, []],
  ['abnormal sign-ins', on, { ...on, abnormalLogins: known(true) }, ['login.abnormal']],
  [
    'abnormal sign-ins, not told before',
    { ...on, abnormalLogins: UNKNOWN },
    { ...on, abnormalLogins: known(true) },
    [],
  ],
  ['abnormal sign-ins are over', { ...on, abnormalLogins: known(true) }, on, []],
])('%s is told', (_, before, after, expected) => {
  expect(changesBetween([user('a', before)], [user('a', after)]).map(({ type }) => type)).toEqual(expected);
});

const cert = (age: number, active = true, slot = 1) => ({
  slot,
  active: known(active),
  createdAt: known(T0 - age * DAY),
});
const certified = (...certificates: ReturnType<typeof cert>[]) => user('a', { certificates });
const bedrock = (id: string) => ({
  id,
  service: 'bedrock',
  active: known(true),
  createdAt: known(NEW),
  expiresAt: ABSENT,
});
const held = (...ids: string[]) => user('a', { serviceCredentials: ids.map(bedrock) });

test.each<[string, CredentialRecord[], CredentialRecord[], string[]]>([
  ['a certificate came', [certified()], [certified(cert(0))], ['certificate.created']],
  ['a certificate went', [certified(cert(9))], [certified()], ['certificate.deleted']],
  [
    'a certificate was replaced',
    [certified(cert(9))],
    [certified(cert(0))],
    ['certificate.deleted', 'certificate.created'],
  ],
  ['a certificate off', [certified(cert(9))], [certified(cert(9, false))], ['certificate.deactivated']],
  ['a certificate on', [certified(cert(9, false))], [certified(cert(9))], ['certificate.activated']],
  ['certificates in other slots', [certified(cert(9), cert(8, true, 2))], [certified(cert(8), cert(9, true, 2))], []],
  ['a user went with a certificate', [certified(cert(9))], [], ['user.deleted', 'certificate.deleted']],
  ['a service credential came', [held()], [held('A')], ['service_credential.created']],
  ['a service credential went', [held('A', 'B')], [held('B')], ['service_credential.deleted']],
  ['nobody could ask before', [user('a')], [held('A')], []],
  ['nobody can ask any more', [held('A')], [user('a')], []],
])('%s', (_, before, after, expected) => {
  expect(changesBetween(before, after).map(({ type }) => type)).toEqual(expected);
});

test('a use says when, where and after what', () => {
  const before = keyed(used(T0 - 100 * DAY, { id: 'AKIA1' }));
  const more = { id: 'AKIA1', lastUsedRegion: known('eu-central-1'), lastUsedService: known('s3') };
  const [event] = changesBetween([before], [keyed(used(NEW, more))]);

  expect(event).toMatchObject({
    type: 'access_key.used_again',
    occurred_at: '2026-09-11T14:00:00Z',
    severity: 'medium',
    message: 'access key used again after long silence: a in prod (AKIA1)',
    credential: { kind: 'access_key', id: 'AKIA1' },
    before: { last_used_at: '2026-06-03T12:00:00Z' },
    after: { last_used_at: '2026-09-11T14:00:00Z', last_used_region: 'eu-central-1', last_used_service: 's3' },
  });
});

test('what is told of each use and setting weighs as the table says', () => {
  const [before, after] = usageReports();
  const told = new Map(changesBetween(before, after).map(({ type, severity }) => [type, severity]));

  expect(Object.fromEntries(told)).toMatchObject({
    'access_key.at_risk': 'critical',
    'root.key_used': 'critical',
    'root.signed_in': 'high',
    'login.abnormal': 'high',
    'login_protection.disabled': 'high',
    'console.first_login': 'informational',
  });
  expect(told.size).toBe(18);
});

const field = fc.oneof(
  fc.constantFrom(T0 - 200 * DAY, T0 - DAY, NEW).map(known),
  fc.constantFrom(NEVER, ABSENT, UNKNOWN),
);
const flag = fc.option(fc.constantFrom(known(true), known(false), UNKNOWN), { nil: undefined });
const anybody = fc
  .record({
    lastUsedAt: field,
    keyUsedAt: field,
    atRisk: flag,
    abnormalLogins: flag,
    loginProtection: flag,
    certs: fc.subarray([1, 50, 99]),
  })
  .map(({ lastUsedAt, keyUsedAt, atRisk, abnormalLogins, loginProtection, certs }) =>
    consoleUser('a', {
      console: { lastUsedAt },
      accessKeys: [accessKey({ lastUsedAt: keyUsedAt, ...(atRisk === undefined ? {} : { atRisk }) })],
      certificates: certs.map((age, index) => cert(age, true, index + 1)),
      ...(abnormalLogins === undefined ? {} : { abnormalLogins }),
      ...(loginProtection === undefined ? {} : { loginProtection }),
    }),
  );

test('a report beside itself tells no use, by whatever checks it is judged', () => {
  fc.assert(
    fc.property(anybody, (record) => {
      const previous = loaded([record], { rules: ALL_CHECKS });
      const derived = derive(previous, loaded([record], { previous, generatedAt: T0 + 1, rules: ALL_CHECKS }));

      expect(new Set(derived.map(({ event }) => event.kind))).toEqual(new Set(['inventory', 'summary']));
    }),
  );
});

test('no two events of a report share an id, and what was told once is not told again', () => {
  fc.assert(
    fc.property(anybody, anybody, (before, after) => {
      const first = loaded([before], { rules: ALL_CHECKS });
      const second = loaded([after], { previous: first, rules: ALL_CHECKS });
      const ids = derive(first, second).map(({ event }) => event.id);

      expect(new Set(ids).size).toBe(ids.length);
      expect(changesBetween([after], [after])).toEqual([]);
    }),
  );
});
