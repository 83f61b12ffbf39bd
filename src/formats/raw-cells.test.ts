import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellsOf, rawJsonOf, rawOf } from './raw-cells.ts';

const text = fc.oneof(
  fc.string({ maxLength: 4 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.constantFrom('', ',', 'a,b'),
);

test('cells are found again, and JSON has them as JSON.stringify writes them', () => {
  fc.assert(
    fc.property(fc.dictionary(text, text), (cells) => {
      const raw = rawOf(cells);

      expect(rawJsonOf(cells)).toBe(JSON.stringify(raw));
      expect(cellsOf(raw ?? '')).toEqual(cells);
    }),
  );
});

test('a row beside others of the same columns is written as if it were alone', () => {
  const rows = [{ a: '1', b: '2' }, { a: '1,2', b: '' }, { a: '3', b: '4' }, { b: '5', a: '6' }, { a: '7' }, {}];

  expect(rows.map(rawOf)).toEqual(['a,b\n1,2', 'a,b\n"1,2",""', 'a,b\n3,4', 'b,a\n5,6', 'a\n7', '']);
  expect(rows.map(rawJsonOf)).toEqual(rows.map((row) => JSON.stringify(rawOf(row))));
});

test.each([undefined, null, 'cells', [], ['a'], { a: 1 }, { a: 'b', c: null }])('%j is not cells', (other) => {
  expect(rawOf(other)).toBeUndefined();
  expect(rawJsonOf(other)).toBeUndefined();
});
