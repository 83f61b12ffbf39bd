import { expect, test } from 'vitest';
import { readCsv } from './csv.ts';
import { writeCsv } from './csv-write.ts';

test('what was written is read back, whatever it holds', () => {
  const rows = [
    ['plain', '=eu,build@ops', 'with "quotes"'],
    ['', 'two\nlines', '中文'],
  ];

  expect(readCsv(writeCsv(rows), { maxRows: 10, maxCellChars: 100 }).rows).toEqual(rows);
});
