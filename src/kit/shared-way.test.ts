import { expect, test } from 'vitest';
import { Fault } from '../domain/fault.ts';
import { type Remembered, remembered } from './remembered.ts';
import { asShared, sharedWay } from './shared-way.ts';

test('one key has one way in, looked up once for all', async () => {
  const open = new WeakMap<object, Remembered<number>>();
  const [key, other] = [{}, {}];
  let looked = 0;
  const way = (of: object) =>
    sharedWay(open, of, () =>
      remembered(
        async () => ++looked,
        () => true,
      ),
    );

  expect(await Promise.all([way(key).get(), way(key).get()])).toEqual([1, 1]);
  expect(await way(other).get()).toBe(2);

  way(key).forget((known) => known === 1);
  expect(await way(key).get()).toBe(3);
});

test("a fault in it is nobody's own, and keeps what it says", async () => {
  const fault = new Fault('throttled', 'slow down', { retryAfterMs: 5, cause: 'x' });
  const fails = sharedWay(new WeakMap(), {}, () => remembered(() => Promise.reject(fault), Boolean));

  await expect(fails.get()).rejects.toMatchObject({
    kind: 'throttled',
    message: 'slow down',
    retryAfterMs: 5,
    cause: 'x',
    isShared: true,
  });
  const once = asShared(fault);
  expect(asShared(once)).toBe(once);
});
