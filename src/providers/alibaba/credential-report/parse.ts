import type { CredentialRecord } from '../../../domain/record.ts';
import type { Defect, ParsedReport, Parts } from '../../../domain/report.ts';
import { odditiesOf, readingRows, rowReader } from '../../../kit/row-reader.ts';
import type { Steps } from '../../../kit/steps.ts';
import { capped, readTable, type Table } from '../../../kit/table.ts';
import type { Cells } from './cells.ts';
import { layoutOf, SHAPE } from './columns.ts';
import { type Known, readKnown, withKnown } from './known.ts';
import { REPORT_PART } from './parts.ts';
import { ROOT_USER, recordOf } from './row.ts';

/** The bytes of a report as records. Total: what cannot be read becomes a defect (the table) or `unknown` (a cell). */
export function* parseReport(parts: Parts): Steps<ParsedReport> {
  const table = yield* readTable(parts.get(REPORT_PART), SHAPE);
  const known = readKnown(parts);
  yield;
  const cells: Cells = { reader: rowReader(table.columns), isSynthesised: known.isSynthesised };
  const records = apart(yield* recordsOf(table, cells, known));
  const defects = [...table.defects, ...(table.columns.length === 0 ? [] : rowDefects(table, records))];
  return {
    rows: table.rows.length,
    columns: table.columns,
    unknownColumns: table.unknownColumns,
    missingColumns: table.missingColumns,
    records,
    defects: capped(defects),
    oddities: [...odditiesOf(cells.reader), ...known.oddities],
    ...(known.population === undefined ? {} : { population: known.population }),
  };
}

function recordsOf(table: Table, cells: Cells, known: Known): Steps<readonly CredentialRecord[]> {
  const layout = layoutOf(table.columns);
  const isPlain = known.users === undefined;
  return readingRows(table, cells.reader, () => {
    const record = recordOf(cells, layout);
    return isPlain ? record : withKnown(record, known);
  });
}

/** User names are unique in an account. Should two principals share one, they are told apart by their whole names. */
function apart(records: readonly CredentialRecord[]): readonly CredentialRecord[] {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { identity } of records) {
    if (seen.has(identity.id)) shared.add(identity.id);
    seen.add(identity.id);
  }
  if (shared.size === 0) return records;
  return records.map((record) => {
    const { identity } = record;
    return shared.has(identity.id) ? { ...record, identity: { ...identity, id: identity.name } } : record;
  });
}

/** What makes a table of whole rows still not whole. */
function rowDefects(table: Table, records: readonly CredentialRecord[]): readonly Defect[] {
  const defects: Defect[] = [];
  const names = new Set<string>();
  const last = table.columns.at(-1) ?? '';
  // Of a column that nobody knows, no cell is known to be half a word.
  const canBeCut = last !== 'user' && !table.unknownColumns.includes(last);
  for (const [index, { identity }] of records.entries()) {
    const line = table.lines[index] ?? 0;
    if (identity.name === 'user' && table.rows[index]?.[1] === table.columns[1])
      defects.push({ what: 'the header stands in the table again', line });
    else if (identity.name === '') defects.push({ what: 'a row names no user', line });
    else if (names.has(identity.name))
      defects.push({ what: `the user ${JSON.stringify(identity.name)} has two rows`, line });
    else if (canBeCut && isCut(table.rows[index] ?? []))
      defects.push({ what: 'the table seems cut short in the last cell of a row', line });
    names.add(identity.name);
  }
  if (!names.has(ROOT_USER)) {
    defects.push({ what: `the row ${ROOT_USER}, which Alibaba Cloud always writes, is missing`, standInsMay: true });
  }
  return defects;
}

/** The cloud's pages end where they end: a cut can pass for a whole row (`TRU`, `N/`, half a date). */
function isCut(row: readonly string[]): boolean {
  return /^(?:N|N\/|T|TR|TRU|F|FA|FAL|FALS|\d[\dT:-]*)$/.test(row.at(-1) ?? '');
}
