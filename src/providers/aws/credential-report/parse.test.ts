import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { valueOf } from '../../../domain/record.ts';
import { NO_COLUMN } from '../../../kit/row-reader.ts';
import { atOnce } from '../../../kit/steps.ts';
import { ACCOUNT_SUMMARY_PART } from '../../shared/account-summary.ts';
import { COLUMNS } from './columns.ts';
import { parseReport } from './parse.ts';
import { REPORT_PART, ROOT_MFA_PART } from './parts.ts';

const FIXTURES = new URL('../fixtures/', import.meta.url);
const LIVE = readFileSync(new URL('live-2026.csv', FIXTURES), 'utf8');
const [HEADER = '', ROOT = '', FIRST_USER = ''] = LIVE.split('\n');

describe('parseReport', () => {
  test.each(['live-2026', 'old-2019', 'additional-23', 'nasty-names'])('reads %s as expected', async (name) => {
    const parsed = parse(readFileSync(new URL(`${name}.csv`, FIXTURES)));

    await expect(`${JSON.stringify(parsed, undefined, 2)}\n`).toMatchFileSnapshot(`../fixtures/${name}.expected.json`);
    expect(parsed.defects).toEqual([]);
  });

  test.each([
    ['an empty report', '', 'the report is empty'],
    ['an HTML page', '<!doctype html><html>\n</html>', 'it looks like an HTML'],
    ['a report without the root', `${HEADER}\n${FIRST_USER}`, '<root_account>'],
    ['a header line in the table', `${HEADER}\n${ROOT}\n${HEADER}`, 'the header stands in the table again'],
    ['a doubled column', table(`${HEADER},arn`, `${ROOT},x`), 'the column arn stands twice'],
    ['a missing column', LIVE.replaceAll('mfa_active', 'mfa'), 'the column mfa_active is missing'],
    ['two rows of one user', `${LIVE}\n${FIRST_USER}`, 'has two rows'],
    ['two rows of one ARN', `${LIVE}\nother${FIRST_USER.slice(FIRST_USER.indexOf(','))}`, 'has two rows'],
    ['a row of another account', LIVE.replace('012:user/g-', '013:user/g-'), 'another account'],
    ['a row that is too short', LIVE.slice(0, -30), 'a row has 16 cells where the header has 22'],
    ['a row that is too long', `${LIVE},x`, 'a row has 23 cells'],
    ['a cut in the last cell', LIVE.slice(0, -1), 'cut short in its last cell'],
    ['a report and another behind it', `${LIVE}${LIVE}`, 'a row has 43 cells'],
    ['an empty line in the table', LIVE.replace('\n', '\n\n'), 'a row has 1 cells'],
    ['semicolons', LIVE.replaceAll(',', ';'), 'the column user is missing'],
    ['Base64, not decoded', Buffer.from(LIVE).toString('base64'), 'the column user is missing'],
    [
      'a name with commas that nobody quoted, and a cell too many',
      table(HEADER, ROOT, `a,${named('a,b')}`),
      'a row has 26 cells',
    ],
    ['an unclosed quote', `${HEADER}\n${ROOT}\n"x`, 'a quote is never closed'],
    ['a huge cell', LIVE.replace('g-nothing', 'g'.repeat(70_000)), 'longer than'],
  ])('%s is not whole', (_, text, what) => {
    const { defects } = parse(text);

    expect(defects.map((defect) => defect.what).join('; ')).toContain(what);
  });

  test('AWS China has no root, and a report without one is whole there', () => {
    const china = [HEADER, ...LIVE.split('\n').slice(2)].join('\n').replaceAll('arn:aws:', 'arn:aws-cn:');
    const summary = Buffer.from(JSON.stringify({ version: 1, asked_at: '', users: china.split('\n').length - 1 }));
    const parts = new Map([
      [REPORT_PART, Buffer.from(china)],
      [ACCOUNT_SUMMARY_PART, summary],
    ]);
    const parsed = atOnce(parseReport(parts));

    expect(parsed.defects).toEqual([]);
    expect(parsed.population).toBe(parsed.rows);
    expect(parse(HEADER).defects).toHaveLength(1);
  });

  test('what was asked about the MFA of the root counts, if nothing else was asked', () => {
    const virtual = Buffer.from(JSON.stringify({ version: 1, asked_at: '', is_virtual: true }));
    const parts = new Map([
      [REPORT_PART, Buffer.from(LIVE)],
      [ROOT_MFA_PART, virtual],
    ]);
    const parsed = atOnce(parseReport(parts));

    expect(parsed.records[0]?.hardwareMfa).toEqual({ value: false });
  });

  test('Latin-1 is not whole, and is not repaired', () => {
    const parsed = parse(Buffer.from(LIVE.replace('g-nothing', 'jürgen'), 'latin1'));

    expect(parsed).toMatchObject({ rows: 0, defects: [{ what: 'the report is not UTF-8' }] });
  });

  test('a byte order mark, CRLF, and lines at the end that are empty or have commas alone change nothing', () => {
    const edited = `\uFEFF${LIVE.replaceAll('\n', '\r\n')}\r\n${','.repeat(21)}\r\n\r\n`;

    expect(parse(edited)).toEqual(parse(LIVE));
  });

  test('columns without a name, as a spreadsheet program leaves them, are no columns that stand twice', () => {
    expect(parse(LIVE.replaceAll(/$/gm, ',,'))).toMatchObject({ defects: [], unknownColumns: ['', ''] });
  });

  test('a header and cells that are all in quotes change nothing', () => {
    expect(parse(LIVE.replaceAll(/[^,\n]+/g, '"$&"'))).toEqual(parse(LIVE));
  });

  test.each(['a,b', ',', 'a,,b,', 'arn,b', '=1,2'])(
    'the name %s is read where its commas are not quoted, too',
    (name) => {
      const [quoted, bare] = [`"${name}"`, name].map((user) =>
        parse(table(HEADER, ROOT, FIRST_USER, named(name, user))),
      );

      expect(bare).toEqual(quoted);
      expect(bare).toMatchObject({ defects: [], oddities: [] });
      expect(bare?.records[2]?.identity.name).toBe(name);
    },
  );

  test('columns are found by name, wherever they stand', () => {
    const reversed = LIVE.split('\n').map((line) => line.split(',').toReversed().join(','));

    const parsed = parse(reversed.join('\n'));

    const without = (record: (typeof parsed.records)[number]) => ({ ...record, cells: [] });
    expect(parsed.records.map(without)).toEqual(parse(LIVE).records.map(without));
    expect(parsed.records[0]?.cells.at(-1)).toBe('<root_account>');
  });

  test('an unknown column is kept and named, an optional one that is missing is named', () => {
    const text = table(HEADER.replace('cert_2_last_rotated', 'shoe_size'), ROOT);

    expect(parse(text)).toMatchObject({
      unknownColumns: ['shoe_size'],
      missingColumns: ['cert_2_last_rotated'],
      defects: [],
    });
  });

  test.each([
    ['both columns', ['cert_1_active', 'cert_1_last_rotated']],
    ['the date, without which an inactive one looks like none', ['cert_1_last_rotated']],
  ])('whether there is a certificate is not known where %s of a slot are missing', (_, missing) => {
    const renamed = missing.reduce((header, column) => header.replace(column, `no_${column}`), HEADER);

    const [root] = parse(table(renamed, ROOT)).records;

    expect(root?.certificates).toMatchObject([{ slot: 1, active: NO_COLUMN, createdAt: NO_COLUMN }]);
  });

  test('a cell that is not understood is unknown and named; the rest of its row is read', () => {
    const parsed = parse(LIVE.replace('Z,true,2026-09-10T07:05:00Z', 'Z,perhaps,2026-09-10T07:05:00Z'));

    expect(parsed.oddities).toEqual(['row 6 column password_enabled: "perhaps" is not true or false']);
    expect(parsed.defects).toEqual([]);
    expect(parsed.records[4]?.console.enabled).toMatchObject({ reason: 'unknown' });
    expect(valueOf(parsed.records[4]!.mfa)).toBe(true);
  });

  test('a date without a zone, or one that no calendar has, is unknown', () => {
    const text = LIVE.replace('2025-02-28T23:59:59Z', '2025-02-29T23:59:59Z').replace(
      '2024-02-29T12:00:00Z',
      '2024-02-29T12:00:00',
    );

    expect(parse(text).oddities).toHaveLength(2);
  });

  test('many odd cells are counted, not listed', () => {
    const rows = Array.from({ length: 500 }, (_, n) => FIRST_USER.replaceAll('b-keys-old-inactive', `u${n}`));
    const text = table(HEADER, ROOT, ...rows.map((row) => row.replace('N/A', '?')));

    expect(parse(text).oddities.at(-1)).toBe('300 more cells were not understood');
  });

  test('any bytes are read without an error', () => {
    const mutated = fc.tuple(fc.nat(LIVE.length), fc.nat(40), fc.string()).map(([at, cut, put]) => {
      return Buffer.from(LIVE.slice(0, at) + put + LIVE.slice(at + cut));
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated), (bytes) => {
        const parsed = parse(bytes);

        expect(parsed.rows).toBeGreaterThanOrEqual(parsed.records.length);
      }),
    );
  });

  test('no report at all is not whole', () => {
    expect(atOnce(parseReport(new Map())).defects).toEqual([{ what: 'the part report.csv is missing' }]);
  });

  test('the header that is known is the header of a live report', () => {
    expect(HEADER.split(',')).toEqual([...COLUMNS]);
  });
});

/** A row of somebody of that name, in a path that has a comma too. */
function named(name: string, user = name): string {
  const arn = `arn:aws:iam::123456789012:user/x,y/${name}`;
  const rest = FIRST_USER.split(',').slice(2).join(',');
  return `${user},${user === name ? arn : `"${arn}"`},${rest}`;
}

function parse(content: string | Uint8Array) {
  return atOnce(parseReport(new Map([[REPORT_PART, typeof content === 'string' ? Buffer.from(content) : content]])));
}

function table(...lines: readonly string[]): string {
  return lines.join('\n');
}
