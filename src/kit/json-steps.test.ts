import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readingJson, writingJson } from './json-steps.ts';
import { atOnce } from './steps.ts';

test('what is written in steps is what JSON.stringify writes', () => {
  const left = { kept: [undefined, 1], left: undefined, nested: { a: { b: [{}] }, c: [] } };
  expect(written(left)).toBe(JSON.stringify(left));
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(written(value)).toBe(JSON.stringify(value));
    }),
  );
});

test('what is read in steps is what JSON.parse reads, with and without spaces between', () => {
  const odd = '{"__proto__":{"a":"\\"]}\\\\"},"é":[1,-2e3,true,null,"\\u2028"]}';
  expect(read(odd)).toEqual(JSON.parse(odd));
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
      const text = JSON.stringify(value, undefined, space);
      expect(read(text)).toEqual(JSON.parse(text));
    }),
  );
});

test.each(['', '{', '[1', '[1,]', '{"a"}', '{"a":}', '{a:1}', '[1]2', '[1 2]', '{"a":{"b":{"c":1}}', '"', '[{]}]'])(
  '%s is refused, as JSON.parse does',
  (text) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(() => read(text)).toThrow(SyntaxError);
  },
);

function written(value: unknown): string {
  return new TextDecoder().decode(atOnce(writingJson(value)));
}

function read(text: string): unknown {
  return atOnce(readingJson(text));
}
