import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AccessIdentity, KEY_USES, type KeyUse, type ServiceAccess } from '../../domain/access.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Field } from '../../domain/record.ts';
import { atOnce } from '../../kit/steps.ts';
import { parseKeyUse, writeKeyUse } from './key-use-table.ts';
import { parseServiceAccess, writeServiceAccess } from './service-access-table.ts';

const second = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1_000);
/** Text of a cloud: commas, quotes and line ends too, but none of Muster's own words. */
const text = fc.string({ maxLength: 12 }).map((chars) => `x${chars.replaceAll(/[^\S ]|;/g, '\n')}`);
const why = fc.constantFrom('not asked', 'denied: "a", b');

function field<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Field<T>> {
  return fc.oneof(
    value.map((one) => ({ value: one })),
    fc.constantFrom({ reason: 'never' as const }, { reason: 'absent' as const }, { reason: 'unsupported' as const }),
    why.map((said) => ({ reason: 'unknown' as const, why: said })),
  );
}

const instant: fc.Arbitrary<Field<Instant>> = field(second);
const identity: fc.Arbitrary<AccessIdentity> = fc.record({
  kind: fc.constantFrom('root' as const, 'user' as const, 'role' as const, 'group' as const),
  id: text,
  name: text,
  uniqueId: text,
  createdAt: instant,
});
const grants = fc.array(
  fc.oneof(
    fc
      .constantFrom('arn:aws:iam::aws:policy/ReadOnlyAccess', 'System:AliyunECSFullAccess')
      .map((policy) => ({ policy })),
    fc.constant({ policy: 'inline:say via "x"', via: 'group:dev, ops' }),
  ),
  { maxLength: 2 },
);

test('what is written of service access is read back', () => {
  const row: fc.Arbitrary<ServiceAccess> = fc.record(
    {
      identity,
      service: text,
      serviceName: text,
      action: text,
      granted: field(fc.boolean()),
      grantedBy: grants,
      lastUsedAt: instant,
      lastUsedRegion: field(text),
      trackedSince: instant,
      why: fc.array(why, { maxLength: 2 }),
    },
    {
      requiredKeys: [
        'identity',
        'service',
        'granted',
        'grantedBy',
        'lastUsedAt',
        'lastUsedRegion',
        'trackedSince',
        'why',
      ],
    },
  );
  fc.assert(
    fc.property(fc.array(row, { maxLength: 4 }), (rows) => {
      const { access, defects, oddities } = atOnce(parseServiceAccess(atOnce(writeServiceAccess(rows))));

      expect({ access, defects, oddities }).toEqual({ access: rows, defects: [], oddities: [] });
    }),
  );
});

test('what is written of key use is read back', () => {
  const row: fc.Arbitrary<KeyUse> = fc.record({
    owner: identity,
    key: fc.record({ id: text, createdAt: instant, active: field(fc.boolean()) }),
    what: fc.constantFrom(...KEY_USES),
    service: text,
    name: text,
    type: text,
    firstUsedAt: instant,
    lastUsedAt: instant,
    region: field(text),
    count: field(fc.nat()),
    reportedLastUsedAt: instant,
    why: fc.array(why, { maxLength: 2 }),
  });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 4 }), (rows) => {
      const { keyUses, defects, oddities } = atOnce(parseKeyUse(atOnce(writeKeyUse(rows))));

      expect({ keyUses, defects, oddities }).toEqual({ keyUses: rows, defects: [], oddities: [] });
    }),
  );
});

test('any bytes give rows or defects, never a throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(atOnce(parseServiceAccess(bytes)).defects.length).toBeGreaterThan(0);
      expect(atOnce(parseKeyUse(bytes)).defects.length).toBeGreaterThan(0);
    }),
  );
});
