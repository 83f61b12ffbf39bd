import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasKeyTwice } from './key-twice.ts';

test('no value that was written once has a name twice, however it is written', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      expect(hasKeyTwice(text, JSON.parse(text))).toBe(false);
    }),
  );
});

test.each(['{"a":1,"a":1}', '[{"b":{"a":[],"c":1,"a":{}}}]', '{"a":1,"\\u0061" : 2}', '{"":1,"":2}'])(
  '%s has a name twice',
  (text) => {
    expect(hasKeyTwice(text, JSON.parse(text))).toBe(true);
  },
);

test('depth is no matter', () => {
  const text = `${'['.repeat(60_000)}{"a":1}${']'.repeat(60_000)}`;

  expect(hasKeyTwice(text, JSON.parse(text))).toBe(false);
});
