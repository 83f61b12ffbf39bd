import { recordData } from '../derive/record-data.ts';
import type { ParsedReport } from '../domain/report.ts';
import { writeCsv } from '../kit/csv-write.ts';
import { atOnce } from '../kit/steps.ts';
import type { RecordColumns, ReportKind } from '../providers/provider.ts';
import { providers } from '../providers/registry.ts';

/** What clouds write where there is nothing to write; the last is Muster's own, where it puts a table together. */
const SENTINELS = ['N/A', 'no_information', 'not_supported', '-', 'LOGIN_DISABLED', 'FALSE', '', 'unknown:denied'];
const NO_ENTRY = 'no entry';
const CLOUDS: Readonly<Record<string, string>> = { aws: 'AWS', alibaba: 'Alibaba Cloud', tencent: 'Tencent Cloud' };

const INTRODUCTION = `<!-- Made by \`muster schema records > docs/records.md\`: every word in the tables is what the parser answered. -->

# Records

A record is one row of a credential report, typed: what inventory events show under \`data\` ([events.md](events.md#inventory)). This page says which column each field comes from, and what
becomes of each word that a cloud writes where there is nothing to write. The cells themselves travel along untouched, in \`data.cells\`, also those of columns that no field comes from.

| word | means |
|---|---|
| \`never\` | tracked, and did not happen |
| \`absent\` | there is no such password or key |
| \`unsupported\` | cannot apply |
| \`unknown\` | the cloud does not tell; \`<field>_why\` says why |
| odd | not expected in this column: \`unknown\`, and the report's \`oddities\` name the cell |
| as it is | not a sentinel in this column: taken for a text |
| no entry | no key or certificate is made of the slot |

Cases: \`root\`; \`with\`, a user with a password and a key that was used; \`without\`, one with neither. Where a table names no case, all are alike; a slot that had no key and has none is not named. "no column": the report lacks it. Of several slots the first stands for all.
`;

const BESIDE = `## What no column tells

| field | from |
|---|---|
| \`identity.unique_id\`, \`access_keys.id\` | AWS: \`ListUsers\`, \`ListAccessKeys\`; Alibaba Cloud: \`ListUsers\`, \`ListAccessKeys\` (RAM). Joined by owner and creation time, and left out where two could be meant |
| \`service_credentials\` | AWS: \`ListServiceSpecificCredentials\` |
| \`mfa_hardware\` of the root | AWS: \`ListVirtualMFADevices\`, where \`root_mfa\` is on |
| \`tags\` | AWS: \`GetAccountAuthorizationDetails\`, where \`user_tags\` is on |
| \`derived\` | names of the fields that Muster worked out: of tables that it put together, and of times whose zone was assumed |

Where Muster puts Alibaba Cloud's table together, an empty cell is \`unknown\` (nobody told) and not odd. Tencent Cloud's times have no zone: they are read in the account's \`time_zone\`.

AWS tracks sign-ins since 2014-10-20, but not those of 2018-05-03 to 2018-05-23, and the use of keys since 2015-04-22; Alibaba Cloud the use of keys since 2019-06-01: \`never\` of an older one means not since then.
Tencent Cloud says N/A of a last sign-in where it has "no records": taken for never.
`;

/** docs/records.md. */
export function recordTables(): string {
  const tables = providers.flatMap(({ name, kinds }) =>
    Object.values(kinds).flatMap((kind) =>
      kind.columns === undefined ? [] : [`## ${CLOUDS[name] ?? name}\n\n${tableOf(kind, kind.columns)}`],
    ),
  );
  return [INTRODUCTION, ...tables, BESIDE].join('\n');
}

function tableOf(kind: ReportKind, columns: RecordColumns): string {
  const header = ['field', 'column', ...SENTINELS.map(sentinelName), 'no column'];
  const rows = columns.fields.map(([field, column]) => [
    `\`${field}\``,
    `\`${column}\``,
    ...SENTINELS.map((sentinel) => outcome(kind, columns, field, withCell(columns, column, sentinel))),
    outcome(kind, columns, field, withoutColumn(columns, column)),
  ]);
  return [header, header.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

function sentinelName(sentinel: string): string {
  return sentinel === '' ? 'empty' : `\`${sentinel}\``;
}

type Table = readonly (readonly string[])[];

function withCell({ sample: [header = [], ...rows] }: RecordColumns, column: string, cell: string): Table {
  const at = header.indexOf(column);
  return [header, ...rows.map((row) => row.map((old, index) => (index === at ? cell : old)))];
}

function withoutColumn({ sample }: RecordColumns, column: string): Table {
  const at = sample[0]?.indexOf(column) ?? -1;
  return sample.map((row) => row.filter((_, index) => index !== at));
}

/** One word where all cases agree; else each word with its cases. A slot that stays without an entry says nothing. */
function outcome(kind: ReportKind, { sample }: RecordColumns, field: string, table: Table): string {
  const cases = new Map<string, string[]>();
  const [header = [], ...rows] = table;
  for (const [index, row] of rows.entries()) {
    const before = sample[index + 1] ?? [];
    const word = wordOf(parsed(kind, [header, row]), field);
    if (word === NO_ENTRY && wordOf(parsed(kind, [sample[0] ?? [], before]), field) === NO_ENTRY) continue;
    cases.set(word, [...(cases.get(word) ?? []), caseName(before)]);
  }
  const [first, ...others] = cases;
  if (others.length === 0) return first?.[0] ?? '';
  return [...cases].map(([word, names]) => `${names.join(', ')}: ${word}`).join('; ');
}

function caseName(row: readonly string[]): string {
  return ['with', 'without'].find((name) => row.includes(name)) ?? 'root';
}

/** One row at a time: an oddity is then this row's. */
function parsed(kind: ReportKind, table: Table): ParsedReport {
  return atOnce(kind.parse(new Map([['report.csv', new TextEncoder().encode(writeCsv(table))]])));
}

function wordOf({ records: [record], oddities }: ParsedReport, field: string): string {
  if (record === undefined) return 'the table is refused';
  if (oddities.length > 0) return 'odd';
  const [list = '', name] = field.split('.');
  const data = recordData(record, {});
  if (name === undefined) return Array.isArray(data[list]) ? entryWord(data[list]) : wordIn(data, list);
  const [entry] = data[list] as readonly Readonly<Record<string, unknown>>[]; // Muster's own lists
  return entry === undefined ? NO_ENTRY : wordIn(entry, name);
}

function entryWord(list: readonly unknown[]): string {
  return list.length === 0 ? NO_ENTRY : 'an entry';
}

function wordIn(data: Readonly<Record<string, unknown>>, field: string): string {
  const reason = data[`${field}_reason`];
  if (typeof reason === 'string') return `\`${reason}\``;
  const value = data[field];
  return typeof value === 'boolean' ? `\`${String(value)}\`` : value === undefined ? 'left out' : 'as it is';
}
