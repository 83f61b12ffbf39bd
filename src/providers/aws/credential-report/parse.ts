import type { CredentialRecord } from '../../../domain/record.ts';
import type { Defect, ParsedReport, Parts } from '../../../domain/report.ts';
import { odditiesOf, type RowReader, readingRows, rowReader } from '../../../kit/row-reader.ts';
import type { Steps } from '../../../kit/steps.ts';
import { capped, readTable, type Table } from '../../../kit/table.ts';
import { layoutOf, SHAPE } from './columns.ts';
import { type Known, readKnown, withKnown } from './known.ts';
import { REPORT_PART } from './parts.ts';
import { ROOT_USER, recordOf } from './row.ts';

/** AWS China has no root users, and its reports no row of one. */
const WITHOUT_ROOT = 'arn:aws-cn:';

/** The bytes of a report as records. Total: what cannot be read becomes a defect (the table) or `unknown` (a cell). */
export function* parseReport(parts: Parts): Steps<ParsedReport> {
  const table = yield* readTable(parts.get(REPORT_PART), SHAPE);
  const known = readKnown(parts);
  yield;
  const reader = rowReader(table.columns);
  const records = yield* recordsOf(table, reader, known);
  const accountId = accountPrefix(records[0]?.identity.id ?? '').split(':')[4];
  const roots = records.filter(({ identity }) => identity.kind === 'root').length;
  const defects = [...table.defects, ...(table.columns.length === 0 ? [] : rowDefects(table, records, reader))];
  return {
    rows: table.rows.length,
    columns: table.columns,
    unknownColumns: table.unknownColumns,
    missingColumns: table.missingColumns,
    records,
    defects: capped(defects),
    oddities: [...odditiesOf(reader), ...known.oddities],
    ...(accountId === undefined ? {} : { accountId }),
    ...(known.countedUsers === undefined ? {} : { population: known.countedUsers + roots }),
  };
}

function recordsOf(table: Table, reader: RowReader, known: Known): Steps<readonly CredentialRecord[]> {
  const layout = layoutOf(table.columns);
  const { users, serviceCredentials, tags, isRootMfaVirtual } = known;
  const isPlain = [users, serviceCredentials, tags, isRootMfaVirtual].every((told) => told === undefined);
  return readingRows(table, reader, () => {
    const record = recordOf(reader, layout);
    return isPlain ? record : withKnown(record, known);
  });
}

/** What makes a table of whole rows still not whole. */
function rowDefects(table: Table, records: readonly CredentialRecord[], reader: RowReader): readonly Defect[] {
  const defects: Defect[] = [];
  const account = accountPrefix(records[0]?.identity.id ?? '');
  const names = new Set<string>();
  const arns = new Set<string>();
  for (const [index, { identity }] of records.entries()) {
    const line = table.lines[index] ?? 0;
    const isNewName = isNew(names, identity.name);
    const isNewArn = isNew(arns, identity.id);
    if (identity.name === 'user' && identity.id === 'arn')
      defects.push({ what: 'the header stands in the table again', line });
    else if (!isNewName) defects.push({ what: `the user ${JSON.stringify(identity.name)} has two rows`, line });
    else if (!isNewArn) defects.push({ what: `the ARN ${JSON.stringify(identity.id)} has two rows`, line });
    else if (!identity.id.startsWith(account))
      defects.push({ what: 'a row belongs to another account than the first', line });
  }
  if (!names.has(ROOT_USER) && !account.startsWith(WITHOUT_ROOT))
    defects.push({ what: `the row ${ROOT_USER}, which AWS always writes, is missing`, standInsMay: true });
  if (endsInOddCell(table, reader))
    defects.push({ what: 'the table seems cut short in its last cell', line: reader.line });
  return defects;
}

/** And notes it: one look-up, not two. */
function isNew(known: Set<string>, text: string): boolean {
  const { size } = known;
  return known.add(text).size > size;
}

/** `arn:aws:iam::123456789012:` of `arn:aws:iam::123456789012:root`. */
function accountPrefix(arn: string): string {
  return /^arn:[^:]*:iam::[^:]*:/.exec(arn)?.[0] ?? 'arn:';
}

/** AWS ends the last row without a line end, so a cut can pass for a whole row: `tru`, `N/`, half a date. */
function endsInOddCell(table: Table, reader: RowReader): boolean {
  const line = table.lines.at(-1);
  if (line === undefined || reader.lastOdd?.line !== line) return false;
  if (reader.lastOdd.column !== table.columns.length - 1) return false;
  return /^(?:|N|N\/|t|tr|tru|f|fa|fal|fals|\d[\dT:+-]*)$/.test(table.rows.at(-1)?.at(-1) ?? '');
}
