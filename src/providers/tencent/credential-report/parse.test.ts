import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ParsedReport } from '../../../domain/report.ts';
import { atOnce } from '../../../kit/steps.ts';
import { credentialReportImport } from './kinds.ts';
import { parseReport } from './parse.ts';

const MAINLAND = readFileSync(new URL('../fixtures/mainland.csv', import.meta.url));
const INTERNATIONAL = readFileSync(new URL('../fixtures/international.csv', import.meta.url));

describe('a file that was downloaded in the console', () => {
  test('of the mainland site is read cell by cell', () => {
    const { records, ...table } = imported(MAINLAND);

    expect(table).toMatchObject({ rows: 5, defects: [], oddities: [], unknownColumns: [], missingColumns: [] });
    expect(records.map(({ identity }) => [identity.kind, identity.name])).toEqual([
      ['user', 'ada'],
      ['user', '=eu,"build"@ops'],
      ['wecom_user', 'lin'],
      ['collaborator', 'partner'],
      ['message_receiver', 'alerts'],
    ]);
    expect(records[0]).toMatchObject({
      identity: { id: '100000000001', createdAt: { value: Date.UTC(2019, 7, 16, 1, 25, 56) } },
      console: {
        enabled: { value: true },
        lastUsedAt: { value: Date.UTC(2026, 10, 20) },
        passwordChangedAt: { value: Date.UTC(2026, 0, 1, 19, 4, 5) },
      },
      mfa: { value: true },
      loginProtection: { value: true },
      operationProtection: { value: false },
      abnormalLogins: { value: false },
      accessKeys: [
        { slot: 1, id: 'AKIDEXAMPLE0001', active: { value: true }, atRisk: { value: false } },
        {
          slot: 2,
          id: 'AKIDEXAMPLE0002',
          active: { value: false },
          lastUsedAt: { reason: 'unknown' },
          atRisk: { value: true },
        },
      ],
    });
  });

  test('says what cannot apply, what is absent and what never happened', () => {
    const [, robot, wecom, , receiver] = imported(MAINLAND).records;

    expect(robot).toMatchObject({
      console: {
        enabled: { value: false },
        passwordChangedAt: { reason: 'absent' },
        lastUsedAt: { reason: 'unsupported' },
      },
      mfa: { reason: 'unsupported' },
      abnormalLogins: { value: true },
      accessKeys: [],
    });
    expect(wecom?.console).toMatchObject({ enabled: { value: true }, lastUsedAt: { reason: 'never' } });
    expect(receiver).toMatchObject({ console: { enabled: { reason: 'unsupported' } }, accessKeys: [] });
  });

  test('of the international site differs in spelling and in the last column only', () => {
    const international = imported(INTERNATIONAL);
    const mainland = imported(MAINLAND);

    expect(international).toMatchObject({ rows: 5, defects: [], oddities: [], unknownColumns: [], missingColumns: [] });
    expect(international.columns).toHaveLength(25);
    const known = ({ records }: ParsedReport) =>
      records.map(({ identity, mfa, accessKeys }) => ({ identity, mfa, accessKeys }));
    expect(known(international)).toEqual(known(mainland));
    expect(international.records[0]?.console.lastUsedAt).toMatchObject({ reason: 'unknown' });
  });

  test.each([
    ['no spaces', (header: string) => header.replaceAll(' ', '')],
    ['no spaces and capitals', (header: string) => header.replaceAll(' ', '').toUpperCase()],
  ])('is found by its columns, whatever a site writes them with: %s', (_, respell) => {
    const [header = '', ...rows] = MAINLAND.toString().split('\n');
    const respelled = imported(Buffer.from([respell(header), ...rows].join('\n')));

    expect(respelled).toMatchObject({ defects: [], oddities: [], unknownColumns: [], missingColumns: [] });
    expect(respelled.records).toEqual(imported(MAINLAND).records);
  });

  test('is of the zone that the account says, and each record tells which one was assumed', () => {
    const [ada] = imported(MAINLAND, { timeZone: '+00:00' }).records;

    expect(ada?.identity.createdAt).toEqual({ value: Date.UTC(2019, 7, 16, 9, 25, 56) });
    expect(ada?.derived).toContain('time_zone=+00:00');
    expect(imported(MAINLAND).records[0]?.derived).toContain('time_zone=+08:00');
  });
});

describe('a file that is not one', () => {
  test.each([
    [
      'of AWS',
      'user,arn,user_creation_time\nann,arn:aws:iam::1:user/ann,2020-01-01T00:00:00Z\n',
      /is not a user credential report of Tencent Cloud: its header begins with "user"/,
    ],
    ['nothing', '', /empty/],
    ['a web page', '<html><body>sign in</body></html>', /HTML/],
    ['with a header alone', MAINLAND.toString().split('\n')[0] ?? '', /nobody below the header/],
    ['with semicolons', MAINLAND.toString().replaceAll(',', ';'), /is not a user credential report|quote/],
    ['cut in the middle', MAINLAND.toString().slice(0, 900), /a row has \d+ cells/],
    ['saved by a spreadsheet program', MAINLAND.toString().replace('100000000001', '1E+11'), /rounded/],
    ['with a row twice', `${MAINLAND.toString()}${MAINLAND.toString().split('\n')[1]}\n`, /two rows/],
    [
      'with its header twice',
      `${MAINLAND.toString()}${MAINLAND.toString().split('\n')[0]}\n`,
      /header stands in the table again/,
    ],
    ['with no account id', MAINLAND.toString().replace('100000000001', 'ada'), /is not an account id/],
  ])('%s is refused in clear words', (_, text, words) => {
    expect(imported(Buffer.from(text)).defects[0]?.what).toMatch(words);
  });

  test('other bytes than UTF-8 are a defect and never a crash', () => {
    expect(imported(Buffer.from([0xff, 0xfe, 0x41, 0x00])).defects).toHaveLength(1);
    expect(atOnce(parseReport(new Map())).defects).toHaveLength(1);
  });
});

test('what is not understood is unknown and named', () => {
  const odd = imported(
    Buffer.from(MAINLAND.toString().replace(',Active,', ',Sleeping,').replace('2019-08-16', '2019-13-16')),
  );

  expect(odd.defects).toEqual([]);
  expect(odd.oddities).toEqual([
    expect.stringContaining('"2019-13-16 9:25:56" is not a date'),
    expect.stringContaining('"Sleeping" is not Active or Disable'),
  ]);
  expect(odd.records[0]?.accessKeys[0]?.active).toMatchObject({ reason: 'unknown' });
});

function imported(bytes: Uint8Array, settings?: object): ParsedReport {
  const parts = credentialReportImport.imported?.(bytes, settings) ?? [];
  return atOnce(credentialReportImport.parse(new Map(parts.map((part) => [part.name, part.bytes]))));
}
