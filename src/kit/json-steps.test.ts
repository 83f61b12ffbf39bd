import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readingJson, writingJson } from './json-steps.ts';
import { atOnce, type Steps } from './steps.ts';

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

test('large JSON is written and read as JSON.stringify and JSON.parse do', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.constantFrom(undefined, 1), (one, other, space) => {
      const value = large(one, other);
      const text = JSON.stringify(value, undefined, space);
      expect(written(value) === JSON.stringify(value)).toBe(true);
      expect(JSON.stringify(read(text)) === JSON.stringify(value)).toBe(true);
    }),
    { numRuns: 6 },
  );
});

test('large JSON with something wrong in it is refused where JSON.parse refuses it', () => {
  const text = JSON.stringify(large({ a: ['b"', 1] }, null));
  const piece = fc.constantFrom('', ',', '"', '[', ']', '{', '}', ':', ' ', '\\', '1', ',,', '},{');
  fc.assert(
    fc.property(fc.nat(text.length), piece, fc.boolean(), (at, put, isMore) => {
      const wrong = `${text.slice(0, at)}${put}${text.slice(isMore ? at : at + 1)}`;
      expect(outcome(() => read(wrong)) === outcome(() => JSON.parse(wrong))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('large JSON is read and written in many steps', () => {
  const value = { version: 1, open: Array.from({ length: 20_000 }, (_, index) => ({ index, kind: 'user' })) };

  expect(stepsOf(writingJson(value))).toBeGreaterThan(5);
  expect(stepsOf(readingJson(JSON.stringify(value)))).toBeGreaterThan(5);
});

/** Lists, tables and texts that are longer than a step, beside some that are not. */
function large(one: unknown, other: unknown): unknown {
  const each = [...Array(1_500).keys()];
  return {
    one,
    many: each.map((index) => (index % 7 === 0 ? other : [one, 'some more text, so that it is long'])),
    named: Object.fromEntries(
      each.map((index) => [`a name that is long \\"${index}`, index % 5 === 0 ? one : [other]]),
    ),
    long: 'so, {[\\"'.repeat(9_000),
    other: [{ many: Array(40_000).fill(1), none: [] }],
  };
}

function outcome(read: () => unknown): string {
  try {
    return JSON.stringify(read());
  } catch (error) {
    return error instanceof SyntaxError ? 'refused' : String(error);
  }
}

function stepsOf(steps: Steps<unknown>): number {
  let count = 0;
  while (steps.next().done !== true) count += 1;
  return count;
}

function written(value: unknown): string {
  return new TextDecoder().decode(atOnce(writingJson(value)));
}

function read(text: string): unknown {
  return atOnce(readingJson(text));
}
