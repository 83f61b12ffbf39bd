import fc from 'fast-check';
import type { KeyUse, ServiceAccess } from '../../src/domain/access.ts';
import type { Field } from '../../src/domain/record.ts';
import { access, anIdentity, keyUse, unread } from './audits.ts';
import { DAY, HOUR, known, NEVER, T0, UNKNOWN } from './records.ts';

const moment: fc.Arbitrary<Field<number>> = fc.oneof(
  fc.constantFrom(T0 - 200 * DAY, T0 - 90 * DAY, T0 - DAY, T0 - HOUR, T0 + HOUR).map(known),
  fc.constantFrom(NEVER, UNKNOWN),
);
const flag: fc.Arbitrary<Field<boolean>> = fc.constantFrom(known(true), known(true), known(false), UNKNOWN);
const identity = fc.record({
  name: fc.constantFrom('alice', 'bob', '__proto__', 'a, "b"'),
  kind: fc.constantFrom('user', 'role', 'root'),
  createdAt: fc.constantFrom(known(T0 - 400 * DAY), known(T0 + HOUR), UNKNOWN),
});
const grants = fc.uniqueArray(
  fc.constantFrom({ policy: 'ReadLogs' }, { policy: 'Build', via: 'group:builders' }, { policy: 'Build' }),
  { maxLength: 2 },
);

const accessRow = fc
  .record({
    service: fc.constantFrom('s3', 'ec2', '__proto__'),
    action: fc.constantFrom(undefined, undefined, 'Get', 'Put'),
    granted: flag,
    lastUsedAt: moment,
    grantedBy: grants,
  })
  .map(({ action, service, ...row }) => ({ service, ...row, ...(action === undefined ? {} : { action }) }));

/** Rows as a provider writes them: one for each identity, service and action, some identities not told in full. */
export const accessRows: fc.Arbitrary<readonly ServiceAccess[]> = fc
  .uniqueArray(
    fc.record({ identity, rows: fc.array(accessRow, { maxLength: 4 }), isRead: fc.constantFrom(true, true, false) }),
    { selector: ({ identity: { kind, name } }) => `${kind} ${name}`, maxLength: 4 },
  )
  .map((all) =>
    all.flatMap(({ identity: { name, ...rest }, rows, isRead }) => {
      const whose = anIdentity(name, rest);
      const gap = isRead ? [] : [{ ...unread(name), identity: whose }];
      return [...gap, ...distinct(rows).map((row) => access(name, row.service, { ...row, identity: whose }))];
    }),
  );

function distinct<T extends { readonly service: string; readonly action?: string }>(rows: readonly T[]): readonly T[] {
  return [...new Map(rows.map((row) => [`${row.service} ${row.action}`, row])).values()];
}

const useRow = fc.record({
  what: fc.constantFrom('service', 'event', 'address', 'address', 'resource'),
  service: fc.constantFrom('s3', 'ec2', '', '__proto__'),
  name: fc.constantFrom('203.0.113.7', '203.0.113.8', '198.51.100.1', 'AWS Internal', '2001:db8::1', ''),
  lastUsedAt: moment,
  region: fc.constantFrom(known('eu-central-1'), known('us-east-1'), UNKNOWN),
});

/** Rows as a provider writes them: for each key one of its own, and what it was used for. */
export const keyRows: fc.Arbitrary<readonly KeyUse[]> = fc
  .uniqueArray(
    fc.record({
      id: fc.constantFrom('AKIA1', 'AKIA2', 'AKIA3', '__proto__'),
      owner: fc.constantFrom('alice', 'bob'),
      createdAt: fc.constantFrom(known(T0 - 100 * DAY), known(T0 + HOUR), UNKNOWN),
      lastUsedAt: moment,
      reportedLastUsedAt: moment,
      why: fc.constantFrom([], ['only management events are seen']),
      rows: fc.array(useRow, { maxLength: 5 }),
    }),
    { selector: ({ id }) => id, maxLength: 3 },
  )
  .map((all) =>
    all.flatMap(({ id, owner, createdAt, rows, ...whole }) => {
      const common = { owner: anIdentity(owner), key: { id, createdAt, active: known(true) } };
      const named = new Map(rows.map((row) => [`${row.what} ${row.service} ${row.name}`, row]));
      return [
        keyUse(id, 'key', { ...common, ...whole }),
        ...[...named.values()].map(({ what, ...row }) => keyUse(id, what, { ...common, ...row })),
      ];
    }),
  );
