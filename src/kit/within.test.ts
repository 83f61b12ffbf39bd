import { expect, test } from 'vitest';
import { settlesWithin } from './within.ts';

test('a promise that settles in time is true, whichever way it settles', async () => {
  expect(await settlesWithin(Promise.resolve(), 1_000)).toBe(true);
  expect(await settlesWithin(Promise.reject(new Error('no')), 1_000)).toBe(true);
});

test('a promise that never settles is false after that time', async () => {
  expect(await settlesWithin(new Promise(() => undefined), 10)).toBe(false);
});
