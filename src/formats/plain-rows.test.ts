import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { alice, sampleEventsOfAllChecks } from '../../test/kit/sample-events.ts';
import type { Event } from '../domain/event.ts';
import { linesOf } from './format.ts';
import { plain } from './plain.ts';
import { plainRows } from './plain-rows.ts';
import { plainRowsSchema } from './plain-schema.ts';

const isValid = new Ajv2020({ strict: true, allErrors: true }).compile(plainRowsSchema());

function rowsOf(event: Event): readonly Event[] {
  return [...linesOf(plainRows, event)].map(({ text }) => JSON.parse(text) as Event);
}

test('an identity is a row with its password and cells, and one for each credential', () => {
  const rows = rowsOf(alice());

  expect(rows.map(({ id }) => id)).toEqual([alice().id, `${alice().id}-1`, `${alice().id}-2`]);
  expect(rows.map(({ data }) => [data?.['row'], data?.['rows']])).toEqual([
    [0, 3],
    [1, 3],
    [2, 3],
  ]);
  expect(rows[0]?.data?.['cells']).toMatchObject({ user: 'alice' });
  expect(rows[1]).toMatchObject({
    message: 'inventory of alice in prod: access key 1 of 2',
    credential: { kind: 'access_key', id: 'AKIAIOSFODNN7EXAMPLE' },
    data: { mfa_enabled: true, credential: { slot: 1, last_used_service: 's3' } },
  });
});

test('no row has an array in which values have to be matched', () => {
  const lists = rowsOf(alice()).flatMap(({ data = {} }) =>
    Object.values(data).filter((value) => Array.isArray(value) && value.some((one) => typeof one === 'object')),
  );

  expect(lists).toEqual([]);
});

test('all that plain says of an identity is in its rows', () => {
  const { access_keys, certificates, service_credentials = [], ...rest } = alice().data ?? {};
  const [first, ...others] = rowsOf(alice());
  const { row: _, rows: __, ...identity } = first?.data ?? {};

  expect(identity).toEqual(rest);
  expect(others.map(({ data }) => data?.['credential'])).toEqual(
    [access_keys, certificates, service_credentials].flat(),
  );
});

test('what is not inventory is written as plain writes it, under the same id', () => {
  for (const event of sampleEventsOfAllChecks().filter(({ kind }) => kind !== 'inventory')) {
    expect([...linesOf(plainRows, event)]).toEqual([{ id: event.id, text: plain.encode(event) }]);
  }
});

test('every line fits its schema, and no two share an id', () => {
  const rows = [...new Map(sampleEventsOfAllChecks().map((event) => [event.id, event])).values()].flatMap(rowsOf);

  expect(rows.filter((row) => !isValid(row))).toEqual([]);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
});

test('an identity without any credential is one row', () => {
  const { data, ...event } = alice();

  expect(rowsOf({ ...event, data: { ...data, access_keys: [] } })).toHaveLength(1);
});
