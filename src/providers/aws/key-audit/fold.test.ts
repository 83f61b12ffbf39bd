import fc from 'fast-check';
import { expect, test } from 'vitest';
import { capped, type Fold, foldUse, sortedUses } from '../../../kit/use-fold.ts';
import { foldEvent, type Seen } from './fold.ts';
import { join } from './join.ts';

const event = fc.record({
  id: fc.uuid(),
  at: fc.integer({ min: 1_700_000_000, max: 1_700_000_500 }).map((second) => second * 1_000),
  region: fc.constantFrom('us-east-1', 'eu-west-1'),
  service: fc.constantFrom('s3', 'ec2', 'iam'),
  event: fc.constantFrom('ListBuckets', 'RunInstances'),
  address: fc.constantFrom('203.0.113.1', '203.0.113.2'),
  resources: fc.array(fc.record({ type: fc.constant('AWS::S3::Bucket'), name: fc.constantFrom('a', 'b') }), {
    maxLength: 3,
  }),
});

test('events fold to the same whatever their order, and however they are split', () => {
  fc.assert(
    fc.property(fc.array(event), fc.nat(), (events, cut) => {
      const at = events.length === 0 ? 0 : cut % events.length;
      const split = folded([]);
      for (const part of [events.slice(at), events.slice(0, at)])
        for (const use of folded(part).values()) foldUse(split, use);

      expect(sortedUses(split)).toEqual(sortedUses(folded(events)));
      expect(sortedUses(folded(events.toReversed()))).toEqual(sortedUses(folded(events)));
    }),
  );
});

test('a resource that one event names twice counts once', () => {
  const resource = { type: 'AWS::S3::Bucket', name: 'a' };
  const uses = sortedUses(folded([{ ...SEEN, resources: [resource, resource] }]));

  expect(uses.find(({ what }) => what === 'resource')).toMatchObject({ name: 'a', count: 1 });
});

test('of addresses without end the newest thousand are kept, and the others are counted', () => {
  const many = Array.from({ length: 1_200 }, (_, index) => ({ ...SEEN, at: index * 1_000, address: `a${index}` }));

  const { uses, leftOut } = capped(sortedUses(folded(many)));
  const joined = join({ regions: {}, uses: [...sortedUses(folded(many))] }, {}, 'full');

  expect(leftOut).toEqual({ address: 200, resource: 0 });
  expect(uses.filter(({ what }) => what === 'address')).toHaveLength(1_000);
  expect(uses.some(({ name }) => name === 'a199')).toBe(false);
  expect(joined.why).toEqual(['200 older addresses are left out']);
  expect(joined.uses.find(({ what }) => what === 'key')).toMatchObject({ count: 1_200 });
});

const SEEN: Seen = { id: 'e', at: 1_000, region: 'us-east-1', service: 's3', event: 'ListBuckets' };

function folded(events: readonly Seen[]): Fold {
  const fold: Fold = new Map();
  for (const one of events) foldEvent(fold, one, 'full');
  return fold;
}
