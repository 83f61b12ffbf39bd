import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atOnce } from '../../../kit/steps.ts';
import { ACCESS_KEYS_PART } from '../../shared/listed-keys.ts';
import { parseReport } from './parse.ts';
import { REPORT_PART, SYNTHESIS_PART } from './parts.ts';

const FIXTURES = new URL('../fixtures/', import.meta.url);
const TEXT = readFileSync(new URL('documented.csv', FIXTURES), 'utf8');
const [HEADER = '', ROOT = '', ANNA = ''] = TEXT.split('\n');

describe('parseReport', () => {
  test.each(['documented', 'login-disabled', 'four-keys'])('reads %s as expected', async (name) => {
    const parsed = parse(readFileSync(new URL(`${name}.csv`, FIXTURES)));

    await expect(`${JSON.stringify(parsed, undefined, 2)}\n`).toMatchFileSnapshot(`../fixtures/${name}.expected.json`);
    expect(parsed).toMatchObject({ defects: [], oddities: [], unknownColumns: [] });
  });

  test.each([
    ['an empty report', '', 'the report is empty'],
    ['an HTML page', '<!doctype html><html>\n</html>', 'it looks like an HTML'],
    ['a report without the root', `${HEADER}\n${ANNA}`, '<root>'],
    ['a header line in the table', `${HEADER}\n${ROOT}\n${HEADER}`, 'the header stands in the table again'],
    ['a doubled column', TEXT.replace('mfa_active', 'user_last_logon'), 'stands twice'],
    ['a missing column', TEXT.replace('mfa_active', 'mfa'), 'the column mfa_active is missing'],
    ['two rows of one user', `${TEXT}${ANNA}`, 'has two rows'],
    ['a row that is too short', `${HEADER}\n${ROOT}\n${ANNA.slice(0, -25)}`, 'cells where the header has 16'],
    ['a cut in the last cell', `${HEADER}\n${ROOT.slice(0, -1)}\n${ANNA}`, 'cut short'],
    ['an unclosed quote', `${HEADER}\n${ROOT}\n"x`, 'a quote is never closed'],
  ])('%s is not whole', (_, text, what) => {
    expect(
      parse(text)
        .defects.map((defect) => defect.what)
        .join('; '),
    ).toContain(what);
  });

  test('a byte order mark, CRLF, empty lines at the end and another order of columns change nothing', () => {
    const edited = `\uFEFF${TEXT.replaceAll('\n', '\r\n')}\r\n`;
    const reversed = TEXT.trim()
      .split('\n')
      .map((line) => line.split(',').toReversed().join(','));

    expect(parse(edited)).toEqual(parse(TEXT));
    const shown = (text: string) => parse(text).records.map((record) => ({ ...record, cells: [] }));
    expect(shown(reversed.join('\n'))).toEqual(shown(TEXT));
  });

  test('another alias of the account changes no id', () => {
    const ids = (text: string) => parse(text).records.map(({ identity }) => identity.id);

    expect(ids(TEXT.replaceAll('@example.', '@renamed.'))).toEqual(ids(TEXT));
  });

  test('a cell that is not understood is unknown and named, and breaks nothing', () => {
    const parsed = parse(TEXT.replace('2019-11-11T12:45:18Z', 'SOMETIMES'));

    expect(parsed.defects).toEqual([]);
    expect(parsed.oddities).toEqual(['row 3 column user_last_logon: "SOMETIMES" is not a date with its zone']);
    expect(parsed.records[1]?.console.lastUsedAt).toMatchObject({ reason: 'unknown' });
  });

  test('an empty cell is odd in a report of the cloud, and means untold in one that Muster put together', () => {
    const text = TEXT.replace('2019-11-11T12:45:18Z', '');
    const synthesis = Buffer.from('{"version":1,"why":"w","users":4,"dropped":[],"untold":[]}');

    expect(parse(text).oddities).toHaveLength(1);
    const parsed = atOnce(parseReport(new Map([...partsOf(text), [SYNTHESIS_PART, synthesis]])));
    expect(parsed.oddities).toEqual([]);
    expect(parsed.records[1]?.console.lastUsedAt).toMatchObject({
      reason: 'unknown',
      why: expect.any(String) as string,
    });
  });

  test('ids are given only where name, date and second leave no doubt', () => {
    const user = (created: string) => ({
      name: 'anna',
      user_id: '2000',
      created,
      keys: [{ id: 'LTAI1', created: '2019-11-11T12:50:18Z', status: 'Active' }],
    });
    const known = (created: string) => {
      const part = Buffer.from(JSON.stringify({ version: 1, users_asked_at: '', users: [user(created)] }));
      const { identity, accessKeys } = atOnce(parseReport(new Map([...partsOf(TEXT), [ACCESS_KEYS_PART, part]])))
        .records[1]!;
      return [identity.uniqueId, ...accessKeys.map((key) => key.id)];
    };

    expect(known('2019-11-11T12:33:18Z')).toEqual(['2000', 'LTAI1', undefined]);
    // Made again under the same name: somebody else.
    expect(known('2026-11-11T12:33:18Z')).toEqual([undefined, undefined, undefined]);
  });

  test('it is total on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), fc.nat(TEXT.length), (bytes, noise, at) => {
        parse(bytes);
        parse(`${TEXT.slice(0, at)}${noise}${TEXT.slice(at)}`);
        parse(TEXT.slice(0, at));
      }),
    );
  });
});

function parse(report: string | Uint8Array) {
  return atOnce(parseReport(partsOf(report)));
}

function partsOf(report: string | Uint8Array): Map<string, Uint8Array> {
  return new Map([[REPORT_PART, typeof report === 'string' ? Buffer.from(report) : report]]);
}
