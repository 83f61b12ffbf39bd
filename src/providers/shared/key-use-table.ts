import { KEY_USES, type KeyUse } from '../../domain/access.ts';
import type { ParsedReport } from '../../domain/report.ts';
import { csvLines } from '../../kit/csv-write.ts';
import { encoding } from '../../kit/encoding.ts';
import { odditiesOf, readingRows, rowReader } from '../../kit/row-reader.ts';
import { eachOf, type Steps } from '../../kit/steps.ts';
import { readTable } from '../../kit/table.ts';
import { Cells, writtenField, writtenInstant, writtenList } from './audit-cells.ts';
import { IDENTITY_COLUMNS, identityCells, identityReader } from './service-access-table.ts';

/** The report itself, on every cloud. */
export const KEY_USE_PART = 'key-use.csv';

const COLUMNS: readonly string[] = [
  ...IDENTITY_COLUMNS,
  'key_id',
  'key_created_at',
  'key_active',
  'what',
  'service',
  'name',
  'type',
  'first_used_at',
  'last_used_at',
  'region',
  'count',
  'reported_last_used_at',
  'why',
];

/** One table for all clouds: what is read back is what was written. */
const SHAPE = {
  name: `the part ${KEY_USE_PART}`,
  columns: COLUMNS,
  isRequired: () => true,
  isKnown: () => false,
  maxRows: 2_000_000,
  maxBytes: 512 * 1024 * 1024,
};

export function writeKeyUse(rows: Iterable<KeyUse>): Steps<Uint8Array> {
  return encoding(csvLines(tableOf(rows)));
}

/** Row by row as they are asked for: there may be hundreds of thousands. */
function* tableOf(rows: Iterable<KeyUse>): Generator<readonly string[]> {
  yield COLUMNS;
  for (const row of rows) yield cellsOf(row);
}

function cellsOf(row: KeyUse): readonly string[] {
  return [
    ...identityCells(row.owner),
    row.key.id,
    writtenInstant(row.key.createdAt),
    writtenField(row.key.active, (active) => (active ? 'TRUE' : 'FALSE')),
    row.what,
    row.service,
    row.name,
    row.type,
    writtenInstant(row.firstUsedAt),
    writtenInstant(row.lastUsedAt),
    writtenField(row.region, String),
    writtenField(row.count, String),
    writtenInstant(row.reportedLastUsedAt),
    writtenList(row.why),
  ];
}

/** Total on any bytes. What is counted is keys: how much each was used for changes with the depth, and is no sign of a broken table. */
export function* parseKeyUse(bytes: Uint8Array | undefined): Steps<ParsedReport> {
  const table = yield* readTable(bytes, SHAPE);
  const reader = rowReader(table.columns);
  const cells = new Cells(reader);
  const keyUses = yield* readingRows(table, reader, keyUseReader(cells));
  return {
    rows: yield* countOf(keyUses),
    columns: table.columns,
    unknownColumns: table.unknownColumns,
    missingColumns: table.missingColumns,
    records: [],
    keyUses,
    defects: table.defects,
    oddities: odditiesOf(reader),
  };
}

function* countOf(keyUses: readonly KeyUse[]): Steps<number> {
  const keys = new Set<string>();
  yield* eachOf(keyUses, ({ key }) => keys.add(key.id));
  return keys.size;
}

function keyUseReader(cells: Cells): () => KeyUse {
  const owner = identityReader(cells);
  const key = cells.asAbove(['key_id', 'key_created_at', 'key_active'], () => ({
    id: cells.text('key_id'),
    createdAt: cells.instant('key_created_at'),
    active: cells.flag('key_active'),
  }));
  return () => ({
    owner: owner(),
    key: key(),
    what: cells.oneOf('what', KEY_USES) ?? 'key',
    service: cells.text('service'),
    name: cells.text('name'),
    type: cells.text('type'),
    firstUsedAt: cells.instant('first_used_at'),
    lastUsedAt: cells.instant('last_used_at'),
    region: cells.word('region'),
    count: cells.number('count'),
    reportedLastUsedAt: cells.instant('reported_last_used_at'),
    why: cells.list('why'),
  });
}
