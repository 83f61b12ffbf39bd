import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shortHash } from '../kit/short-hash.ts';
import { eventId, findingIds, identityFacts, identityText, inventoryIds } from './event-id.ts';

const fact = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.constantFrom('', 'null', 'true', '1', ',', '"', ']', '\\', '\u0000'),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const facts = fc.record(
  {
    type: fc.constantFrom('a', 'b', 'a,b', '"a"'),
    identity: fc.array(fact, { maxLength: 3 }),
    credential: fact,
    before: fc.array(fact, { maxLength: 3 }),
    after: fc.array(fact, { maxLength: 3 }),
    ordinal: fc.nat(2),
  },
  { requiredKeys: ['type'] },
);

/** An absent fact and `null`, and an absent ordinal and 0, mean the same. */
const meaning = (one: { [name: string]: unknown }) =>
  JSON.stringify(
    ['type', 'identity', 'credential', 'before', 'after', 'ordinal'].map((name) =>
      name === 'ordinal' ? (one[name] ?? 0) : (one[name] ?? null),
    ),
  );

test('100,000 different sets of facts have 100,000 different ids', () => {
  const ids = new Map<string, string>();
  for (const one of fc.sample(facts, 100_000)) {
    const id = eventId('aws/1/credential-report', '2026-09-11T12:00:00Z', one);
    expect(ids.get(id) ?? meaning(one)).toBe(meaning(one));
    ids.set(id, meaning(one));
  }

  expect(new Set(ids.values()).size).toBe(ids.size);
}, 30_000);

test('what a finding is about is hashed as JSON.stringify writes it', () => {
  const instants = fc.integer({ min: -10_000, max: 5_000_000_000 }).map((seconds) => seconds * 1_000);
  const kind = fc.oneof(fc.constant(null), fc.string());
  fc.assert(
    fc.property(
      kind,
      fc.oneof(fact, fc.double(), instants),
      fc.nat(3),
      (credentialKind, credentialCreated, ordinal) => {
        const id = findingIds(
          'aws/1/credential-report',
          'a',
        )({ identity: '[]', credentialKind, credentialCreated, ordinal });

        const parts = ['aws/1/credential-report', 'finding', 'a', [], credentialKind, credentialCreated, ordinal];
        expect(id).toBe(shortHash(JSON.stringify(parts)));
      },
    ),
  );
});

test('an id of the inventory is that of any event of its facts', () => {
  const names = fc.string({ unit: 'binary' });
  const createdAt = fc.oneof(
    fc.integer().map((value) => ({ value })),
    fc.constant({ reason: 'never' } as const),
  );
  const identity = fc.record({ kind: fc.constant('user' as const), name: names, id: names, createdAt });
  fc.assert(
    fc.property(names, identity, fc.nat(3), (generatedAt, identity, ordinal) => {
      const facts = { type: 'inventory.identity', identity: identityFacts(identity), ordinal };

      expect(inventoryIds('aws/1/credential-report', generatedAt)(identity, ordinal)).toBe(
        eventId('aws/1/credential-report', generatedAt, facts),
      );
    }),
  );
});

test('ids are frozen: a change of these two would send history again', () => {
  const event = { type: 'mfa.enabled', identity: ['arn:aws:iam::1:user/alice', 1], before: [false], after: [true] };
  const identity = { kind: 'user', name: 'alice', id: 'arn:aws:iam::1:user/alice', createdAt: { value: 1 } } as const;
  const finding = {
    identity: identityText(identity),
    credentialKind: 'access_key',
    credentialCreated: 2,
    ordinal: 0,
  };

  expect(eventId('aws/1/credential-report', '2026-09-11T12:00:00Z', event)).toBe('66ecb412b37c270a4c497f8c2da64216');
  expect(findingIds('aws/1/credential-report', 'user.key.too_old')(finding)).toBe('760bf5016ec5c31c4f364db9f29acd99');
});
