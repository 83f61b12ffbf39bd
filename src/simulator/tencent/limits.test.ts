import { expect, test } from 'vitest';
import { createLimits } from './limits.ts';

test('so many in any second, each key by itself, and refused calls do not count', () => {
  const limits = createLimits(2);

  expect([0, 400, 800, 999].map((at) => limits.admits('one', at))).toEqual([true, true, false, false]);
  expect(limits.admits('other', 800)).toBe(true);
  expect(limits.admits('one', 1_000)).toBe(true);
  expect(limits.admits('one', 1_001)).toBe(false);
});
