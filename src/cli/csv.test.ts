import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { csvText } from './csv.ts';

test.each(['=cmd()', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '\uFF1D1'])(
  'a cell that begins like a formula is made a text: %j',
  (cell) => {
    expect(parse(csvText([cell], []))).toEqual([[`'${cell}`]]);
  },
);

test.each(['a,b', 'say "hi"', 'two\nlines', 'two\r\nlines', '', ' padded ', 'a=b', "o'hara"])(
  'any other cell is read back as it was: %j',
  (cell) => {
    const rows = parse(csvText(['first', 'second'], [[cell, 'x']]));

    expect(rows).toEqual([
      ['first', 'second'],
      [cell, 'x'],
    ]);
  },
);

test('a control character reaches no terminal', () => {
  expect(csvText(['a\u001b[31mb'], [])).toBe('a\uFFFD[31mb\r\n');
});
