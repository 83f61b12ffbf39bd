import type { CredentialRecord } from '../../../domain/record.ts';
import type { Defect, ParsedReport, Parts } from '../../../domain/report.ts';
import { readJson } from '../../../kit/json-bytes.ts';
import { odditiesOf, readingRows, rowReader } from '../../../kit/row-reader.ts';
import type { Steps } from '../../../kit/steps.ts';
import { capped, readTable, type Table } from '../../../kit/table.ts';
import { COLUMNS, layoutOf, SHAPE } from './columns.ts';
import { ABOUT_PART, AboutPart, ANSWERS_PART, AnswersPart, REPORT_PART } from './parts.ts';
import { type Reading, recordOf } from './row.ts';
import { DEFAULT_ZONE } from './zone.ts';

const ID = /^(?:\d{4,20}|uid:\d+)$/;

/** Both what Muster put together and what a person brought. Total: what cannot be read becomes a defect (the table) or `unknown` (a cell). */
export function* parseReport(parts: Parts): Steps<ParsedReport> {
  const table = yield* readTable(parts.get(REPORT_PART), SHAPE);
  const beside = readBeside(parts);
  yield;
  const reader = rowReader(table.columns);
  const reading: Reading = { layout: layoutOf(table.columns), zone: beside.zone, derived: beside.derived };
  const records = yield* readingRows(table, reader, () => recordOf(reader, reading));
  return {
    rows: table.rows.length,
    columns: table.columns,
    unknownColumns: table.unknownColumns,
    missingColumns: table.missingColumns,
    records,
    defects: capped([...wrongFile(table), ...table.defects, ...nobody(table, beside), ...rowDefects(table, records)]),
    oddities: [...odditiesOf(reader), ...beside.oddities],
    ...(beside.population === undefined ? {} : { population: beside.population }),
  };
}

/** First in the list, because it says more than that a dozen columns are missing. */
function wrongFile({ columns, missingColumns }: Table): readonly Defect[] {
  if (columns.length === 0 || missingColumns.length < COLUMNS.length / 2) return [];
  const shown = columns.slice(0, 3).map((column) => JSON.stringify(column.slice(0, 40)));
  const what = `this is not a user credential report of Tencent Cloud: its header begins with ${shown.join(', ')}`;
  return [{ what, line: 1 }];
}

/** An account may have no users, and then Muster's own table has none; a file that somebody brings has lost them. */
function nobody({ columns, rows }: Table, { isBrought }: Beside): readonly Defect[] {
  return isBrought && columns.length > 0 && rows.length === 0 ? [{ what: 'there is nobody below the header' }] : [];
}

function rowDefects(table: Table, records: readonly CredentialRecord[]): readonly Defect[] {
  const defects: Defect[] = [];
  const ids = new Set<string>();
  for (const [index, { identity }] of records.entries()) {
    const { id } = identity;
    const line = table.lines[index] ?? 0;
    if (identity.name === 'Username' && !ID.test(id))
      defects.push({ what: 'the header stands in the table again', line });
    else if (/^\d(?:\.\d+)?E\+\d+$/i.test(id))
      defects.push({
        what: `${id} was an account id once: a spreadsheet program has rounded it, bring the file as it was downloaded`,
        line,
      });
    else if (!ID.test(id)) defects.push({ what: `${JSON.stringify(id.slice(0, 40))} is not an account id`, line });
    else if (ids.has(id)) defects.push({ what: `the account ${id} has two rows`, line });
    ids.add(id);
  }
  return defects;
}

interface Beside {
  readonly isBrought: boolean;
  readonly zone: string;
  readonly derived: readonly string[];
  readonly population: number | undefined;
  readonly oddities: readonly string[];
}

/** The times have no zone in the table: each record says that one was assumed. */
const ZONED = ['created_at', 'console_last_used_at', 'access_keys.created_at', 'access_keys.last_used_at'];
const WORKED_OUT = ['mfa_enabled', 'login_protection', 'operation_protection'];

function readBeside(parts: Parts): Beside {
  const answers = readJson(parts.get(ANSWERS_PART), AnswersPart);
  const about = readJson(parts.get(ABOUT_PART), AboutPart);
  const damaged = [answers === 'damaged' ? ANSWERS_PART : '', about === 'damaged' ? ABOUT_PART : ''].filter(Boolean);
  const oddities = damaged.map((name) => `${name} is not understood and was left out`);
  if (answers === undefined || answers === 'damaged') {
    const zone = about === undefined || about === 'damaged' ? DEFAULT_ZONE : about.time_zone;
    const derived = [...ZONED, 'password_changed_at', zoneWord(zone)];
    return { isBrought: answers === undefined, zone, derived, population: undefined, oddities };
  }
  const zone = answers.time_zone;
  return {
    isBrought: false,
    zone,
    derived: [...ZONED, ...WORKED_OUT, zoneWord(zone)],
    population: answers.population,
    oddities: [...oddities, ...failuresIn(answers)],
  };
}

function zoneWord(zone: string): string {
  return `time_zone=${zone}`;
}

/** Every one that the cloud did not tell of, by name: permissions that are missing for all are said in not_visible. */
function failuresIn({ failed, dropped }: AnswersPart): readonly string[] {
  return [
    ...failed
      .filter(({ code }) => !/UnauthorizedOperation/.test(code))
      .map(({ id, name, action, code }) => `${JSON.stringify(name)} (${id}): ${action} was refused (${code})`),
    ...dropped.map(({ id, name, why }) => `${JSON.stringify(name)} (${id}) has no row: ${why}`),
  ];
}
