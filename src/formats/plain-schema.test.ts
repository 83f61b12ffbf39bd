import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { sampleEvents, sampleEventsOfAllChecks } from '../../test/kit/sample-events.ts';
import type { Event } from '../domain/event.ts';
import { ACCESS_CHANGE_TYPES, CHANGE_TYPES, FINDING_TYPES, HEALTH_STATES } from '../domain/event-types.ts';
import { plain } from './plain.ts';
import { plainSchema } from './plain-schema.ts';
import { formats } from './registry.ts';

const ajv = new Ajv2020({ strict: true, allErrors: true });
const isValid = ajv.compile(plainSchema());

function mistakes(event: Event): unknown {
  return isValid(JSON.parse(plain.encode(event))) ? [] : isValid.errors;
}

const all = [...sampleEvents(), ...sampleEventsOfAllChecks()];

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
