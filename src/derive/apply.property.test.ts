import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applied, knownOf, peopleOf } from '../../test/kit/apply-changes.ts';
import { accessKey, DAY, HOUR, known, loaded, root, T0, UNSUPPORTED, user } from '../../test/kit/records.ts';
import type { CredentialRecord } from '../domain/record.ts';
import { derive } from './derive.ts';

const flag = fc.boolean().map(known);
const MADE = [T0 - 300 * DAY, T0 - 100 * DAY, T0 - DAY, T0 + HOUR];
const made = fc.constantFrom(...MADE).map((value) => ({ value }));
const held = fc.uniqueArray(fc.record({ active: flag, createdAt: made }), {
  selector: ({ createdAt }) => createdAt.value,
  maxLength: 3,
});
const inSlots = <T>(all: readonly T[]) => all.map((one, index) => ({ slot: index + 1, ...one }));

const credentials = fc.record({
  mfa: flag,
  loginProtection: flag,
  operationProtection: flag,
  accessKeys: held.map((all) => inSlots(all).map((one) => accessKey(one))),
  certificates: held.map(inSlots),
  serviceCredentials: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('ACCA1', 'ACCA2', 'ACCA3'),
      service: fc.constant('bedrock'),
      active: flag,
      createdAt: made,
      expiresAt: fc.constant(UNSUPPORTED),
    }),
    { selector: ({ id }) => id, maxLength: 3 },
  ),
  console: fc.record({ enabled: flag, passwordChangedAt: made }),
});

/** Some of four people under some of five names: they come, go, and take each other's names. */
const table: fc.Arbitrary<readonly CredentialRecord[]> = fc
  .tuple(
    credentials,
    fc.shuffledSubarray([1, 2, 3, 4]),
    fc.shuffledSubarray(['alice', 'bob', 'carol', '__proto__', 'a, "b"'], { minLength: 4 }),
    fc.array(credentials, { minLength: 4, maxLength: 4 }),
  )
  .map(([ofRoot, people, names, all]) => [
    root(ofRoot),
    ...people.map((person, index) =>
      user(names[index] ?? '', {
        ...all[index],
        identity: { uniqueId: `AIDA${person}`, createdAt: known(T0 - person * DAY) },
      }),
    ),
  ]);

test('the report before and the changes together are the report after', () => {
  fc.assert(
    fc.property(table, table, (before, after) => {
      const previous = loaded(before);
      const events = derive(previous, loaded(after, { previous })).flatMap(({ event }) =>
        event.kind === 'change' ? [event] : [],
      );

      const told = applied(peopleOf(before), events);

      expect(knownOf(told, told)).toEqual(knownOf(peopleOf(after), told));
    }),
    { numRuns: 500 },
  );
});

test('a report beside itself changes nothing, in any order of its rows', () => {
  fc.assert(
    fc.property(table, (records) => {
      const previous = loaded(records);
      const derived = derive(previous, loaded(records.toReversed(), { previous }));

      expect(derived.filter(({ kind, changed }) => kind === 'change' || (kind === 'inventory' && changed))).toEqual([]);
    }),
  );
});

test('columns that Muster does not know may change places, and a cell of them is a change', () => {
  const unknown = fc.uniqueArray(fc.constantFrom('moon', '__proto__', 'x', 'y'), { minLength: 1 });
  fc.assert(
    fc.property(unknown, fc.string(), fc.string(), (columns, one, other) => {
      const report = (order: readonly string[], cell: string) => {
        const cells = ['alice', ...order.map((column) => (column === columns[0] ? cell : 'same'))];
        return [[user('alice', { cells })], { columns: ['user', ...order], unknownColumns: order }] as const;
      };
      const [before, table] = report(columns, one);
      const previous = loaded(before, { parsed: table });
      const [after, turned] = report(columns.toReversed(), other);
      const inventory = derive(previous, loaded(after, { previous, parsed: turned })).find(
        ({ kind }) => kind === 'inventory',
      );

      expect(inventory?.changed).toBe(one !== other);
    }),
  );
});
