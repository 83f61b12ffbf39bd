import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ALL_CHECKS, accessKey, DAY, HOUR, known, loaded, root, T0, UNKNOWN, user } from '../../test/kit/records.ts';
import type { Derived, Event } from '../domain/event.ts';
import type { LoadedReport } from '../domain/loaded.ts';
import type { AccessKeyRecord, CredentialRecord, Field } from '../domain/record.ts';
import type { Rules } from '../domain/rules.ts';
import { derive } from './derive.ts';

const flag = fc.oneof({ weight: 9, arbitrary: fc.boolean().map(known) }, fc.constant(UNKNOWN));
const sure = fc.boolean().map(known);
const instant = fc.constantFrom(T0 - 200 * DAY, T0 - 91 * DAY, T0 - 90 * DAY, T0 - DAY, T0 - HOUR).map(known);
const key = fc.record({ active: flag, createdAt: instant });

function keysOf(keys: readonly { active: Field<boolean>; createdAt: Field<number> }[]): readonly AccessKeyRecord[] {
  return keys.map((changes, index) => accessKey({ slot: index + 1, ...changes }));
}

const anyUser = fc
  .record({
    name: fc.constantFrom('alice', 'bob', 'carol', '__proto__', 'a, "b"'),
    createdAt: instant,
    enabled: flag,
    passwordChangedAt: instant,
    mfa: flag,
    keys: fc.array(key, { maxLength: 3 }),
  })
  .map(({ name, createdAt, enabled, passwordChangedAt, mfa, keys }) =>
    user(name, { identity: { createdAt }, console: { enabled, passwordChangedAt }, mfa, accessKeys: keysOf(keys) }),
  );
const users = fc.uniqueArray(anyUser, { selector: (one) => one.identity.id, maxLength: 5 });
const rootRow = fc
  .record({ keys: fc.array(fc.record({ active: sure, createdAt: instant }), { maxLength: 2 }) })
  .map(({ keys }) => root({ accessKeys: keysOf(keys) }));
const table = fc.tuple(rootRow, users).map(([first, rest]) => [first, ...rest]);
const rules: fc.Arbitrary<Rules> = fc
  .record({ enabled: fc.boolean(), days: fc.constantFrom(30, 90), severity: fc.constantFrom('low', 'high') })
  .map(({ enabled, days, severity }) => ({
    ...ALL_CHECKS,
    'user.key.too_old': { enabled, severity, thresholds: { max_age_days: days } },
  }));

const ids = (derived: readonly Derived[]) => derived.map(({ event }) => event.id).sort();
const changes = (derived: readonly Derived[]) =>
  derived.map(({ event }) => event).filter(({ kind }) => kind === 'change');

test('a report beside itself tells no change and no finding', () => {
  fc.assert(
    fc.property(table, (records) => {
      const previous = loaded(records, { rules: ALL_CHECKS });
      const derived = derive(previous, loaded(records, { previous, generatedAt: T0 + 1, rules: ALL_CHECKS }));

      expect(new Set(derived.map(({ event }) => event.kind))).toEqual(new Set(['inventory', 'summary']));
      expect(derived.filter(({ changed }) => changed)).toHaveLength(1);
    }),
  );
});

test('the order of rows changes no id', () => {
  fc.assert(
    fc.property(table, table, (before, after) => {
      const previous = loaded(before);
      const turned = loaded(before.toReversed());

      expect(ids(derive(turned, loaded(after.toReversed(), { previous: turned })))).toEqual(
        ids(derive(previous, loaded(after, { previous }))),
      );
    }),
  );
});

function swapped(record: CredentialRecord): CredentialRecord {
  const { accessKeys } = record;
  return { ...record, accessKeys: accessKeys.toReversed().map((key, index) => ({ ...key, slot: index + 1 })) };
}

test('swapped slots change no id and make no event', () => {
  fc.assert(
    fc.property(table, table, (before, after) => {
      const previous = loaded(before);

      expect(ids(derive(previous, loaded(after.map(swapped), { previous })))).toEqual(
        ids(derive(previous, loaded(after, { previous }))),
      );
      expect(changes(derive(previous, loaded(before.map(swapped), { previous })))).toEqual([]);
    }),
  );
});

/** Ids as an extra part tells them: by owner and creation, twins in their order. */
function withIds(record: CredentialRecord): CredentialRecord {
  const accessKeys = record.accessKeys.map((key) => ({
    ...key,
    id: `AKIA${record.identity.name}${JSON.stringify(key.createdAt)}`,
  }));
  return { ...record, identity: { ...record.identity, uniqueId: `AIDA${record.identity.name}` }, accessKeys };
}

const distinct = table.map((records) =>
  records.map((record) => ({
    ...record,
    accessKeys: record.accessKeys.filter(
      (key, index, all) =>
        all.findIndex((other) => JSON.stringify(other.createdAt) === JSON.stringify(key.createdAt)) === index,
    ),
  })),
);

test('losing and gaining the extra part changes no id and makes no event', () => {
  fc.assert(
    fc.property(distinct, distinct, (before, after) => {
      const previous = loaded(before);
      const rich = loaded(before.map(withIds));
      const expected = ids(derive(previous, loaded(after, { previous })));

      expect(ids(derive(rich, loaded(after, { previous: rich })))).toEqual(expected);
      expect(ids(derive(previous, loaded(after.map(withIds), { previous })))).toEqual(expected);
      expect(changes(derive(previous, loaded(before.map(withIds), { previous })))).toEqual([]);
      expect(changes(derive(rich, loaded(before, { previous: rich })))).toEqual([]);
    }),
  );
});

test('no two events of a report share an id', () => {
  fc.assert(
    fc.property(table, table, (before, after) => {
      const previous = loaded(before);
      const all = ids(derive(previous, loaded(after, { previous })));

      expect(new Set(all).size).toBe(all.length);
    }),
  );
});

/** What a SIEM holds to be open after these events. */
function fold(open: Set<string>, events: readonly Event[]): Set<string> {
  for (const { kind, status, finding_id } of events) {
    if (kind !== 'finding' || finding_id === undefined) continue;
    if (status === 'open') open.add(finding_id);
    else open.delete(finding_id);
  }
  return open;
}

test('the sum of what was sent is what is open, whatever happens to users and rules', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(table, rules), { minLength: 1, maxLength: 5 }), (steps) => {
      const open = new Set<string>();
      let previous: LoadedReport | undefined;
      for (const [records, rules] of steps) {
        const current = loaded(records, { previous, rules });
        fold(
          open,
          derive(previous, current).map(({ event }) => event),
        );
        previous = current;

        expect([...open].sort()).toEqual(current.findings.open.map(({ id }) => id).sort());
      }
    }),
  );
});

test('the time zone of the machine changes no byte', () => {
  const zone = process.env['TZ'];
  const text = () => {
    const previous = loaded([root(), user('bob', { accessKeys: [accessKey()] })]);
    return JSON.stringify(derive(previous, loaded([root(), user('alice')], { previous })).map(({ event }) => event));
  };
  try {
    process.env['TZ'] = 'UTC';
    const utc = text();
    process.env['TZ'] = 'Asia/Shanghai';

    expect(text()).toBe(utc);
  } finally {
    process.env['TZ'] = zone;
  }
});
