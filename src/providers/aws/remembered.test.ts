import { expect, test } from 'vitest';
import { movableClock } from '../../../test/kit/movable-clock.ts';
import { type KeySet, remembered } from './remembered.ts';

const MINUTE_MS = 60_000;

test('many callers share one look-up', async () => {
  const { credentials, lookUps } = setUp();

  const keys = await Promise.all([credentials.get(), credentials.get(), credentials.get()]);

  expect(new Set(keys).size).toBe(1);
  expect(lookUps()).toBe(1);
});

test('they are looked up again five minutes before they expire', async () => {
  const { credentials, lookUps, clock } = setUp(60);
  await credentials.get();

  clock.move(54 * MINUTE_MS);
  await credentials.get();
  expect(lookUps()).toBe(1);

  clock.move(2 * MINUTE_MS);
  await credentials.get();
  expect(lookUps()).toBe(2);
});

test('a failed look-up is not remembered', async () => {
  let isBroken = true;
  const credentials = remembered(async () => {
    if (isBroken) throw new Error('no role');
    return { accessKeyId: 'A', secretAccessKey: 's' };
  }, movableClock());

  await expect(credentials.get()).rejects.toThrow('no role');
  isBroken = false;

  expect(await credentials.get()).toMatchObject({ accessKeyId: 'A' });
});

test('refused credentials are forgotten, newer ones are not', async () => {
  const { credentials, lookUps } = setUp();
  const first = await credentials.get();

  credentials.forget(first.accessKeyId);
  const second = await credentials.get();
  credentials.forget(first.accessKeyId);

  expect(await credentials.get()).toBe(second);
  expect(lookUps()).toBe(2);
});

function setUp(minutes?: number) {
  const clock = movableClock();
  let count = 0;
  const lookUp = async (): Promise<KeySet> => {
    count += 1;
    const keys = { accessKeyId: `A${count}`, secretAccessKey: 's' };
    return minutes === undefined ? keys : { ...keys, expiration: new Date(clock.now() + minutes * MINUTE_MS) };
  };
  return { credentials: remembered(lookUp, clock), clock, lookUps: () => count };
}
