import { expect, test } from 'vitest';
import type { Use } from '../../../kit/use-fold.ts';
import { join } from './join.ts';
import type { Known } from './known.ts';

const REGION = 'ap-guangzhou';

test('what was known and what was learnt since are one, and the newest events are asked for again', () => {
  const before: Known = { since: 1, settledAt: 10, uses: [use('cvm', 2, 5, 3)], recent: [] };
  const learnt = { since: 1, settledAt: 20, uses: [use('cvm', 11, 12, 2)], recent: [event('a', 25)] };

  const joined = join(before, learnt, true);

  expect(joined.uses).toContainEqual(use('cvm', 2, 25, 6));
  expect(joined.next).toEqual({ since: 1, settledAt: 20, uses: [use('cvm', 2, 12, 5)], recent: [event('a', 25)] });
});

test('where a region is closed the next report begins where this one did, and nothing looks gone', () => {
  const before: Known = { since: 1, settledAt: 10, uses: [use('cvm', 2, 5, 3)], recent: [event('a', 11)] };

  expect(join(before, { why: 'refused' }, true)).toMatchObject({ next: before, why: ['refused'] });
  expect(join(before, undefined, false).uses).toContainEqual(use('cvm', 2, 11, 4));
  const partly = { since: 1, settledAt: 20, uses: [use('cvm', 11, 11, 1)], recent: [] };
  expect(join(before, partly, false).next).toBe(before);
  expect([join(before, partly, false).isFresh, join(before, partly, true).isFresh]).toEqual([false, true]);
});

test('who was never told of is not called unused', () => {
  expect(join(undefined, undefined, true)).toEqual({
    uses: undefined,
    since: undefined,
    next: undefined,
    why: [],
    isFresh: false,
  });
});

test('of names that anybody can make up, the newest are kept, and how many are not is said', () => {
  const uses = Array.from({ length: 1_002 }, (_, at) => ({
    ...use('', at, at, 1),
    what: 'address' as const,
    name: `a${at}`,
  }));

  const joined = join(undefined, { since: 0, settledAt: 2_000, uses, recent: [] }, true);

  expect(joined.uses).toHaveLength(1_000);
  expect(joined.uses?.some(({ name }) => name === 'a1')).toBe(false);
  expect(joined.why).toEqual(['2 older addresses are left out']);
});

function use(service: string, first: number, last: number, count: number): Use {
  return { what: 'service', service, name: '', type: '', first, last, region: REGION, count };
}

function event(id: string, at: number) {
  return { id, at, region: REGION, service: 'cvm', event: '' };
}
