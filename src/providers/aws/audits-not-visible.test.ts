import { expect, test } from 'vitest';
import { notVisible as access, NOT_COUNTED as notCountedOfAccess } from './access-audit/not-visible.ts';
import { notVisible as keys, NOT_COUNTED as notCountedOfKeys } from './key-audit/not-visible.ts';

const counted = (lines: readonly string[], never: readonly string[]) =>
  lines.filter((line) => !never.some((begin) => line.startsWith(begin)));

test.each(['info', 'products', 'full'] as const)(
  'how deep a key audit looks is the choice of its operator, and no gap of the account: %s',
  (depth) => {
    const lines = keys({ depth, regions: ['us-east-1', 'eu-west-1'], closed: new Map() });

    expect(counted(lines, notCountedOfKeys)).toEqual([]);
  },
);

test('a region that refuses us is a gap, and so is an identity of which AWS could not tell', () => {
  const closed = new Map([['eu-west-1', 'not allowed in eu-west-1']]);

  expect(counted(keys({ depth: 'full', regions: ['eu-west-1'], closed }), notCountedOfKeys)).toEqual([
    'uses of keys: not allowed in eu-west-1',
  ]);
  expect(counted(access({ groups: false, grants: undefined, failed: 2 }), notCountedOfAccess)).toEqual([
    'services of 2 identities (AWS failed to tell)',
  ]);
});
