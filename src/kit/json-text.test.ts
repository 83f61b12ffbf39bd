import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escaped } from './json-text.ts';

test.each([
  '',
  'plain',
  'ü€',
  '"',
  '\\',
  '\n',
  '\u0000',
  '\u007f',
  '\u2028',
  '\ud7ff\ue000',
  '😀',
  '\ud800',
  'a\udc00b',
])('a text is written as JSON.stringify writes it: %j', (text) => {
  expect(`"${escaped(text)}"`).toBe(JSON.stringify(text));
});

test('and so is any other', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(`"${escaped(text)}"`).toBe(JSON.stringify(text));
    }),
  );
});
