import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCsv } from './csv.ts';

const LIMITS = { maxRows: 1_000, maxCellChars: 1_000 };

describe('readCsv', () => {
  test.each([
    ['', []],
    ['a', [['a']]],
    [
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,\n,b',
      [
        ['a', ''],
        ['', 'b'],
      ],
    ],
    ['a,', [['a', '']]],
    ['"a,b","say ""hi""","two\nlines"', [['a,b', 'say "hi"', 'two\nlines']]],
    ['""', [['']]],
    ['a\n\nb', [['a'], [''], ['b']]],
    ['=1,__proto__,müller', [['=1', '__proto__', 'müller']]],
  ])('reads %j', (text, rows) => {
    expect(readCsv(text, LIMITS)).toMatchObject({ rows });
    expect(readCsv(text, LIMITS).broken).toBeUndefined();
  });

  test.each([
    ['a\nb"c', 'a quote stands inside an unquoted cell', 2],
    ['a\n"b', 'a quote is never closed', 2],
    ['"a"b', 'text follows a closing quote', 1],
    [`a\n${'x'.repeat(1_001)}`, 'a cell is longer than 1000 characters', 2],
    ['a\n'.repeat(1_001), 'the table has more than 1000 rows', 1_001],
  ])('stops at what is not CSV: %#', (text, what, line) => {
    expect(readCsv(text, LIMITS).broken).toEqual({ what, line });
  });

  test('names the line on which a row begins, past quoted line ends', () => {
    expect(readCsv('h\n"a\nb\nc"\nd', LIMITS).lines).toEqual([1, 2, 5]);
  });

  test('agrees with csv-parse on any text', () => {
    const piece = fc.constantFrom('a', 'é', '"', '""', ',', '\n', '\r\n', '\r', ' ', '=', '"x"', '"y,z"');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
        const text = pieces.join('');

        const ours = readCsv(text, LIMITS);

        const oracle = byOracle(text);
        if (oracle === undefined) expect(ours.broken).toBeDefined();
        else expect({ rows: ours.rows, broken: ours.broken }).toEqual({ rows: oracle, broken: undefined });
      }),
      { numRuns: 3_000 },
    );
  });
});

function byOracle(text: string): string[][] | undefined {
  try {
    return parse(text, { record_delimiter: ['\r\n', '\n'], relax_column_count: true });
  } catch {
    return undefined;
  }
}
