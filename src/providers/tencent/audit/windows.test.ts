import { expect, test } from 'vitest';
import { historyFrom, windowsOf } from './windows.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const T0 = Date.UTC(2026, 10, 20, 9, 30, 15, 500);

test('the whole history is three windows of less than thirty days, without a gap, never beyond ninety days', () => {
  const windows = windowsOf(historyFrom(T0, undefined), T0);

  expect(windows).toHaveLength(3);
  for (const [index, { from, to, asked }] of windows.entries()) {
    expect(to - asked).toBeLessThan(30 * DAY_MS);
    expect(asked).toBeGreaterThan(T0 + HOUR_MS - 90 * DAY_MS);
    expect(to).toBe(windows[index - 1]?.from ?? Math.floor(T0 / 1_000) * 1_000);
    expect(from).toBeLessThan(to);
  }
});

test('a young key is asked about from a day before it was made, and from yesterday on there is one window', () => {
  expect(historyFrom(T0, T0 - 5 * DAY_MS)).toBe(Math.floor((T0 - 6 * DAY_MS) / 1_000) * 1_000);
  expect(windowsOf(T0 - DAY_MS, T0)).toHaveLength(1);
  expect(windowsOf(T0 + DAY_MS, T0)).toEqual([]);
});
