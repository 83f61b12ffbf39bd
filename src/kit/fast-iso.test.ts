import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatInstant } from '../domain/instant.ts';
import { fastIso } from './fast-iso.ts';

test('it writes what formatInstant writes', () => {
  const instants = fc.oneof(
    fc.integer({ min: -10_000_000_000, max: 300_000_000_000 }).map((second) => second * 1_000),
    fc.integer({ min: -1_000_000, max: 4_102_444_800_000 }),
    fc.constantFrom(0, -1, 253_402_300_799_000, 253_402_300_800_000),
  );

  fc.assert(
    fc.property(instants, (instant) => {
      expect(fastIso(instant)).toBe(formatInstant(instant));
    }),
    { numRuns: 5_000 },
  );
});
