import { expect, test } from 'vitest';
import {
  ABSENT,
  accessKey,
  consoleUser,
  DAY,
  HOUR,
  known,
  loaded,
  NEVER,
  T0,
  UNKNOWN,
  user,
} from '../../test/kit/records.ts';
import type { Derived } from '../domain/event.ts';
import type { LoadedReport } from '../domain/loaded.ts';
import { derive } from './derive.ts';

function inventory(previous: LoadedReport | undefined, current: LoadedReport): readonly Derived[] {
  return derive(previous, current).filter(({ event }) => event.kind === 'inventory');
}

test('a record is shown whole, and each field without a value says why', () => {
  const record = consoleUser('alice', {
    mfa: UNKNOWN,
    accessKeys: [accessKey({ id: 'AKIA1', lastUsedAt: known(T0) })],
    certificates: [{ slot: 1, active: known(true), createdAt: known(T0) }],
    serviceCredentials: [
      { id: 'ACCA', service: 'codecommit', active: known(true), createdAt: known(T0), expiresAt: NEVER },
    ],
    derived: ['mfa'],
  });

  const [one] = inventory(undefined, loaded([record]));

  expect(one?.event).toMatchObject({
    type: 'inventory.identity',
    severity: 'informational',
    message: 'inventory of alice in prod',
    occurred_at: '2026-09-11T12:00:00Z',
  });
  expect(one?.event.data).toEqual({
    created_at: '2025-08-07T12:00:00Z',
    console_enabled: true,
    console_last_used_at_reason: 'never',
    password_changed_at: '2026-08-12T12:00:00Z',
    password_next_rotation_at_reason: 'absent',
    mfa_enabled_reason: 'unknown',
    mfa_enabled_why: 'not understood: maybe',
    access_keys: [
      {
        slot: 1,
        id: 'AKIA1',
        active: true,
        created_at: '2026-09-01T12:00:00Z',
        last_used_at: '2026-09-11T12:00:00Z',
        last_used_region_reason: 'never',
        last_used_service_reason: 'never',
      },
    ],
    certificates: [{ slot: 1, active: true, created_at: '2026-09-11T12:00:00Z' }],
    service_credentials: [
      {
        id: 'ACCA',
        service: 'codecommit',
        active: true,
        created_at: '2026-09-11T12:00:00Z',
        expires_at_reason: 'never',
      },
    ],
    derived: ['mfa'],
    cells: { user: 'alice', arn: 'arn:aws:iam::123456789012:user/alice' },
  });
});

test('a column named __proto__ is a column like any other', () => {
  const table = { columns: ['user', '__proto__', 'constructor'], unknownColumns: ['__proto__', 'constructor'] };
  const cells = ['alice', 'one', 'two'];

  const [one] = inventory(undefined, loaded([user('alice', { cells })], { parsed: table }));

  expect(JSON.stringify(one?.event.data?.['cells'])).toBe('{"user":"alice","__proto__":"one","constructor":"two"}');
  expect(Object.getPrototypeOf(one?.event.data?.['cells'])).toBe(Object.prototype);
});

test.each([
  ['nothing', {}, false],
  ['last-used cells', { console: { lastUsedAt: known(T0) } }, false],
  ['the unique id became known', { identity: { uniqueId: 'AIDA1' } }, false],
  ['service credentials became known', { serviceCredentials: [] }, false],
  ['MFA', { mfa: known(true) }, true],
  ['a password date', { console: { passwordChangedAt: known(T0) } }, true],
  ['a next rotation', { console: { nextRotationAt: known(T0) } }, true],
  ['a reason', { console: { nextRotationAt: NEVER } }, true],
  ['a value is not told', { mfa: UNKNOWN }, true],
  ['a key', { accessKeys: [accessKey()] }, true],
  ['a certificate', { certificates: [{ slot: 1, active: known(true), createdAt: known(T0) }] }, true],
  ['another creation time', { identity: { createdAt: known(T0) } }, true],
])('changed looks at what is worth telling: %s', (_, changes, expected) => {
  const previous = loaded([consoleUser('alice')]);

  const [one] = inventory(previous, loaded([consoleUser('alice', changes)], { previous }));

  expect(one?.changed).toBe(expected);
});

test('a new service credential is a change where both reports were allowed to ask', () => {
  const credential = { id: 'ACCA', service: 'bedrock', active: known(true), createdAt: known(T0), expiresAt: ABSENT };
  const previous = loaded([user('alice', { serviceCredentials: [] })]);
  const current = loaded([user('alice', { serviceCredentials: [credential] })], { previous });

  expect(inventory(previous, current)[0]?.changed).toBe(true);
});

test('a cell that Muster does not understand counts, the appearance of its column does not', () => {
  const report = (cells: string[], columns: string[], previous?: LoadedReport) =>
    loaded([user('alice', { cells })], { previous, parsed: { columns, unknownColumns: ['extra'] } });
  const first = report(['alice'], ['user']);
  const second = report(['alice', '1'], ['user', 'extra'], first);
  const third = report(['1', 'alice'], ['extra', 'user'], second);
  const fourth = report(['2', 'alice'], ['extra', 'user'], third);

  expect(inventory(first, second)[0]?.changed).toBe(false);
  expect(inventory(second, third)[0]?.changed).toBe(false);
  expect(inventory(third, fourth)[0]?.changed).toBe(true);
});

test('the first report of a UTC day is the daily one, and so is a baseline', () => {
  const first = loaded([user('alice')]);
  const second = loaded([user('alice')], { previous: first });
  const third = loaded([user('alice')], { previous: second, generatedAt: T0 + 12 * HOUR });

  expect(inventory(undefined, first)[0]).toMatchObject({ daily: true, changed: true });
  expect(inventory(first, second)[0]).toMatchObject({ daily: false, changed: false });
  expect(inventory(second, third)[0]).toMatchObject({ daily: true, changed: false });
  expect(T0 % DAY).toBe(12 * HOUR);
});

test('the id of an inventory event is the same at a baseline', () => {
  const previous = loaded([user('alice')]);
  const current = loaded([user('alice')], { previous });

  expect(inventory(previous, current)[0]?.event.id).toBe(inventory(undefined, current)[0]?.event.id);
});

test('an identity that a report names twice has two inventory events', () => {
  const ids = inventory(undefined, loaded([user('alice'), user('alice')])).map(({ event }) => event.id);

  expect(new Set(ids).size).toBe(2);
});
