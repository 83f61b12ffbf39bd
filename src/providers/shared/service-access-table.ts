import type { AccessIdentity, Grant, ServiceAccess } from '../../domain/access.ts';
import type { ParsedReport } from '../../domain/report.ts';
import { csvLines } from '../../kit/csv-write.ts';
import { encoding } from '../../kit/encoding.ts';
import { odditiesOf, readingRows, rowReader } from '../../kit/row-reader.ts';
import { eachOf, type Steps } from '../../kit/steps.ts';
import { readTable } from '../../kit/table.ts';
import { Cells, writtenField, writtenInstant, writtenList } from './audit-cells.ts';

/** The report itself, on every cloud. */
export const SERVICE_ACCESS_PART = 'service-access.csv';

export const IDENTITY_COLUMNS = [
  'identity_kind',
  'identity_id',
  'identity_name',
  'identity_unique_id',
  'identity_created_at',
] as const;
const IDENTITY_KINDS = ['root', 'user', 'role', 'group'] as const;

const COLUMNS: readonly string[] = [
  ...IDENTITY_COLUMNS,
  'service',
  'service_name',
  'action',
  'granted',
  'granted_by',
  'last_used_at',
  'last_used_region',
  'tracked_since',
  'why',
];

/** One table for all clouds: what is read back is what was written. Rows of a 5,000-user account are many. */
const SHAPE = {
  name: `the part ${SERVICE_ACCESS_PART}`,
  columns: COLUMNS,
  isRequired: () => true,
  isKnown: () => false,
  maxRows: 2_000_000,
  maxBytes: 512 * 1024 * 1024,
};

export function writeServiceAccess(rows: Iterable<ServiceAccess>): Steps<Uint8Array> {
  return encoding(csvLines(tableOf(rows)));
}

/** Row by row as they are asked for: there may be hundreds of thousands. */
function* tableOf(rows: Iterable<ServiceAccess>): Generator<readonly string[]> {
  yield COLUMNS;
  for (const row of rows) yield cellsOf(row);
}

function cellsOf(row: ServiceAccess): readonly string[] {
  return [
    ...identityCells(row.identity),
    row.service,
    row.serviceName ?? '',
    row.action ?? '',
    writtenField(row.granted, (granted) => (granted ? 'TRUE' : 'FALSE')),
    writtenList(row.grantedBy.map(({ policy, via }) => (via === undefined ? policy : `${policy} via ${via}`))),
    writtenInstant(row.lastUsedAt),
    writtenField(row.lastUsedRegion, String),
    writtenInstant(row.trackedSince),
    writtenList(row.why),
  ];
}

export function identityCells({ kind, id, name, uniqueId, createdAt }: AccessIdentity): readonly string[] {
  return [kind, id, name, uniqueId ?? '', writtenInstant(createdAt)];
}

/** Total on any bytes. What is counted is identities: how many services each has changes with the granularity, and is no sign of a broken table. */
export function* parseServiceAccess(bytes: Uint8Array | undefined): Steps<ParsedReport> {
  const table = yield* readTable(bytes, SHAPE);
  const reader = rowReader(table.columns);
  const cells = new Cells(reader);
  const access = yield* readingRows(table, reader, accessReader(cells));
  return {
    rows: yield* countOf(access),
    columns: table.columns,
    unknownColumns: table.unknownColumns,
    missingColumns: table.missingColumns,
    records: [],
    access,
    defects: table.defects,
    oddities: odditiesOf(reader),
  };
}

function* countOf(access: readonly ServiceAccess[]): Steps<number> {
  const identities = new Set<string>();
  yield* eachOf(access, ({ identity: { kind, id } }) => identities.add(`${kind} ${id}`));
  return identities.size;
}

function accessReader(cells: Cells): () => ServiceAccess {
  const identity = identityReader(cells);
  const grantedBy = cells.asAbove(['granted_by'], () => cells.list('granted_by').map(grantOf));
  const trackedSince = cells.asAbove(['tracked_since'], () => cells.instant('tracked_since'));
  return () => {
    const serviceName = cells.text('service_name');
    const action = cells.text('action');
    return {
      identity: identity(),
      service: cells.text('service'),
      ...(serviceName === '' ? {} : { serviceName }),
      ...(action === '' ? {} : { action }),
      granted: cells.flag('granted'),
      grantedBy: grantedBy(),
      lastUsedAt: cells.instant('last_used_at'),
      lastUsedRegion: cells.word('last_used_region'),
      trackedSince: trackedSince(),
      why: cells.list('why'),
    };
  };
}

function grantOf(text: string): Grant {
  const at = text.lastIndexOf(' via ');
  return at === -1 ? { policy: text } : { policy: text.slice(0, at), via: text.slice(at + 5) };
}

export function identityReader(cells: Cells): () => AccessIdentity {
  return cells.asAbove(IDENTITY_COLUMNS, () => identityOf(cells));
}

function identityOf(cells: Cells): AccessIdentity {
  const uniqueId = cells.text('identity_unique_id');
  return {
    kind: cells.oneOf('identity_kind', IDENTITY_KINDS) ?? 'user',
    id: cells.text('identity_id'),
    name: cells.text('identity_name'),
    ...(uniqueId === '' ? {} : { uniqueId }),
    createdAt: cells.instant('identity_created_at'),
  };
}
