import { expect, test } from 'vitest';
import { parseSize, size } from './size.ts';

test.each([
  ['512B', 512],
  ['64KiB', 65_536],
  ['256MiB', 268_435_456],
  ['1GiB', 1_073_741_824],
])('%s is %i bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each(['256', '256MB', '1.5GiB', '-1B', ' 1B', ''])('%j is not a size', (text) => {
  expect(parseSize(text)).toBeUndefined();
});

test.each([0, -1, 1.5, '0B', '9TiB', true])('%j is refused in a config', (value) => {
  expect(size().safeParse(value).success).toBe(false);
});

test('a plain number is bytes', () => {
  expect(size().parse(1_000)).toBe(1_000);
});
