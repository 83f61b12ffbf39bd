import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { abortedLater } from './aborted-later.ts';

test('what is under way gets its time after the abort, and hears the reason then', async () => {
  const control = new AbortController();
  const { signal } = abortedLater(control.signal, 5);
  const heard = new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)));

  control.abort('SIGTERM');

  expect(signal.aborted).toBe(false);
  expect(await heard).toBe('SIGTERM');
});

test('once released it leaves no listener behind', () => {
  const control = new AbortController();

  abortedLater(control.signal, 5).release();

  expect(getEventListeners(control.signal, 'abort')).toEqual([]);
});
