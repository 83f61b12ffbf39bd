import { expect, test } from 'vitest';
import { turns, untilAborted } from './turns.ts';

const never = new AbortController().signal;

test('work is done one at a time, in the order it came', async () => {
  const order = turns();
  const seen: string[] = [];
  const work = (name: string) => async () => {
    seen.push(`${name} begins`);
    await Promise.resolve();
    seen.push(`${name} ends`);
  };

  await Promise.all(['a', 'b'].map((name) => order.take(never, work(name))));

  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('work that fails does not stop the next', async () => {
  const order = turns();

  await expect(order.take(never, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');

  expect(await order.take(never, async () => 'done')).toBe('done');
});

test('who gives up while waiting is told at once, and its work is never begun', async () => {
  const order = turns();
  const gate = openable();
  const first = order.take(never, () => gate.promise);
  const stop = new AbortController();
  let isBegun = false;
  const second = order.take(stop.signal, async () => {
    isBegun = true;
  });

  stop.abort(new Error('stop'));
  await expect(second).rejects.toThrow('stop');
  gate.open();
  await first;
  await order.idle();

  expect(isBegun).toBe(false);
});

test('a promise that settles first wins over its signal, and no listener stays behind', async () => {
  const stop = new AbortController();

  expect(await untilAborted(stop.signal, Promise.resolve(1))).toBe(1);
  await expect(untilAborted(stop.signal, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  stop.abort();

  await expect(untilAborted(stop.signal, new Promise(() => undefined))).rejects.toThrow();
});

function openable(): { readonly promise: Promise<void>; readonly open: () => void } {
  let open = () => undefined as void;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open: () => open() };
}
