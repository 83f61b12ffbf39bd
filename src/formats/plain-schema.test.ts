import { Ajv2020 } from 'ajv/dist/2020.js';
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
  root,
  T0,
  UNKNOWN,
  user,
} from '../../test/kit/records.ts';
import { sampleEventsOfAllChecks } from '../../test/kit/sample-events.ts';
import { derive } from '../derive/derive.ts';
import type { Event } from '../domain/event.ts';
import { ACCESS_CHANGE_TYPES, CHANGE_TYPES, FINDING_TYPES, HEALTH_STATES } from '../domain/event-types.ts';
import type { LoadedReport } from '../domain/loaded.ts';
import { sourceName } from '../domain/names.ts';
import { plain } from './plain.ts';
import { plainSchema } from './plain-schema.ts';
import { formats } from './registry.ts';

const ajv = new Ajv2020({ strict: true, allErrors: true });
const isValid = ajv.compile(plainSchema());

function mistakes(event: Event): unknown {
  return isValid(JSON.parse(plain.encode(event))) ? [] : isValid.errors;
}

const events = (previous: LoadedReport | undefined, current: LoadedReport) =>
  derive(previous, current).map(({ event }) => event);

function credentialEvents(): readonly Event[] {
  const old = accessKey({ createdAt: known(T0 - 100 * DAY), id: 'AKIA1' });
  const next = { identity: { createdAt: known(T0) } };
  const first = loaded([
    root(),
    user('enabled', { mfa: known(false) }),
    consoleUser('disabled', { mfa: known(true) }),
    consoleUser('changed'),
    user('keys', { accessKeys: [old, accessKey({ slot: 2, active: known(false) })] }),
    user('more', { accessKeys: [old, accessKey({ slot: 2 })] }),
    user('gone', { accessKeys: [old] }),
    user('again'),
  ]);
  const second = loaded(
    [
      root({ accessKeys: [accessKey({ active: known(false) }), accessKey({ slot: 2, createdAt: UNKNOWN })] }),
      consoleUser('enabled', { mfa: known(true), identity: { uniqueId: 'AIDA1' } }),
      user('disabled', { mfa: known(false) }),
      consoleUser('changed', { console: { passwordChangedAt: known(T0 + HOUR) }, mfa: UNKNOWN }),
      user('keys', { accessKeys: [accessKey({ createdAt: known(T0 + HOUR) }), accessKey({ slot: 2 })] }),
      user('more', { accessKeys: [accessKey({ active: known(false) })] }),
      user('again', next),
      user('all', {
        certificates: [{ slot: 1, active: known(true), createdAt: known(T0) }],
        serviceCredentials: [
          { id: 'A', service: 'bedrock', active: known(true), createdAt: known(T0), expiresAt: ABSENT },
        ],
        console: { enabled: UNKNOWN, lastUsedAt: NEVER },
      }),
    ],
    { previous: first },
  );
  const third = loaded([root({ accessKeys: [accessKey()] })], { previous: second });
  return [...events(undefined, first), ...events(first, second), ...events(second, third)];
}

function healthEvents(): readonly Event[] {
  const source = sourceName({ provider: 'muster', accountId: 'main', kind: 'health' });
  const states = HEALTH_STATES.filter((state) => state !== 'recovered');
  const trouble = { fault: 'denied', message: 'may not', since: '2026-09-11T12:00:00Z' } as const;
  const troubles = Object.fromEntries(states.map((state) => [`aws/1/${state}`, { ...trouble, state }]));
  const sick = loaded([], {
    source,
    health: { version: 1, sources: troubles, sinks: troubles, organizations: troubles },
  });
  const well = loaded([], { source, health: { version: 1, sources: {}, sinks: {} }, previous: sick });
  return [...events(undefined, sick), ...events(sick, well)];
}

const all = [...credentialEvents(), ...healthEvents(), ...sampleEventsOfAllChecks()];

test('every event that is derived fits the schema', () => {
  expect(all.flatMap(mistakes)).toEqual([]);
});

test('every type that Muster can derive is among them', () => {
  const health = ['source', 'sink', 'organization'].flatMap((thing) =>
    HEALTH_STATES.map((state) => `health.${thing}.${state}`),
  );
  const access = ['access.identity', 'access.service', 'access.key', 'access.key_service'];
  const changes = new Set([...CHANGE_TYPES, ...ACCESS_CHANGE_TYPES]);

  expect([...new Set(all.map(({ type }) => type))].sort()).toEqual(
    [
      ...changes,
      ...access,
      ...health,
      ...FINDING_TYPES,
      'account.status',
      'inventory.identity',
      'summary.report',
    ].sort(),
  );
});

test.each([
  ['a field too many', { extra: 1 }],
  ['another kind', { kind: 'rumour' }],
  ['a type of another kind', { type: 'summary.report' }],
  ['an id of ours', { id: 'event-1' }],
  ['a time without a zone', { time: '2026-09-11T12:00:00' }],
  ['a finding id on a change', { finding_id: 'a'.repeat(32) }],
  ['a field too many in before', { before: { slot: 1 } }],
])('%s does not fit', (_, changes) => {
  const change = all.find(({ type }) => type === 'mfa.enabled');

  expect(isValid({ ...change, ...changes })).toBe(false);
});

test('plain writes one line that reads back as the event', () => {
  for (const event of all) {
    const line = plain.encode(event);

    expect(line).not.toMatch(/[\r\n]/);
    expect(JSON.parse(line)).toEqual(event);
  }
});

test('formats are told apart by name', () => {
  expect(new Set(formats.map(({ name }) => name)).size).toBe(formats.length);
});
