import { expect, test } from 'vitest';
import { loaded, user } from '../../test/kit/records.ts';
import type { Derived, InventoryPolicy } from '../domain/event.ts';
import { EVENT_KINDS } from '../domain/event.ts';
import { derive } from './derive.ts';
import { selects } from './select.ts';

const [inventory, summary] = derive(undefined, loaded([user('alice')])) as [Derived, Derived];

test.each<[InventoryPolicy, string]>([
  ['every', '-,changed,daily,both'],
  ['changed', 'changed,both'],
  ['daily', 'daily,both'],
  ['changed+daily', 'changed,daily,both'],
])('inventory %s sends what is %s', (policy, expected) => {
  const flags = { '-': [false, false], changed: [true, false], daily: [false, true], both: [true, true] } as const;

  const sent = Object.entries(flags).filter(([, [changed, daily]]) =>
    selects({ events: EVENT_KINDS, inventory: policy }, { event: inventory.event, kind: 'inventory', changed, daily }),
  );

  expect(sent.map(([name]) => name).join()).toBe(expected);
});

test('a kind that a sink did not ask for is not sent', () => {
  expect(selects({ events: ['change'], inventory: 'every' }, inventory)).toBe(false);
  expect(selects({ events: ['summary'], inventory: 'changed' }, summary)).toBe(true);
});

test('inventory that is not sent is never made', () => {
  const alice = user('alice');
  const previous = loaded([alice]);
  const unreadable = Object.defineProperty({ ...alice }, 'cells', {
    get() {
      throw new Error('somebody looked');
    },
  });
  const derived = derive(previous, loaded([unreadable], { previous }));

  const sent = derived.filter((one) => selects({ events: EVENT_KINDS, inventory: 'changed' }, one));

  expect(sent.map(({ event }) => event.kind)).toEqual(['summary']);
});
