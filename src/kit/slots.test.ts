import { expect, test } from 'vitest';
import { Slots } from './slots.ts';

test('no more than there are slots go on, in the order they came; who gives one back lets the next one in', async () => {
  const { slots, went, come } = bench(2);

  await come('a', 'b', 'c', 'd');
  expect(went).toEqual(['a', 'b']);

  slots.give();
  await Promise.resolve();
  expect(went).toEqual(['a', 'b', 'c']);

  slots.give();
  slots.give();
  slots.give();
  await come('e', 'f', 'g');
  expect(went).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});

test('after opening nobody waits', async () => {
  const { slots, went, come } = bench(1);
  await come('a', 'b', 'c');

  slots.open();
  await come('d', 'e');

  expect(went).toEqual(['a', 'b', 'c', 'd', 'e']);
});

function bench(count: number) {
  const slots = new Slots(count);
  const went: string[] = [];
  const come = async (...names: readonly string[]) => {
    for (const name of names) void slots.take().then(() => went.push(name));
    for (let turn = 0; turn < 3; turn += 1) await Promise.resolve();
  };
  return { slots, went, come };
}

test('who wants several waits until they are free, who wants more than there are has all, and nobody overtakes', async () => {
  const slots = new Slots(3);
  const order: string[] = [];
  await slots.take();
  const large = slots.take(8).then((taken) => {
    order.push('large');
    return taken;
  });
  const small = slots.take().then(() => order.push('small'));

  slots.give();
  expect(await large).toBe(3);
  expect(order).toEqual(['large']);
  slots.give(3);
  await small;

  expect(order).toEqual(['large', 'small']);
});
