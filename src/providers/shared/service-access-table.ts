import type { AccessIdentity, Grant, ServiceAccess } from '../../domain/access.ts';
import type { ParsedReport } from '../../domain/report.ts';
import { writeCsv } from '../../kit/csv-write.ts';
import { odditiesOf, rowReader } from '../../kit/row-reader.ts';
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

export function writeServiceAccess(rows: readonly ServiceAccess[]): Uint8Array {
  return new TextEncoder().encode(writeCsv([COLUMNS, ...rows.map(cellsOf)]));
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
export function parseServiceAccess(bytes: Uint8Array | undefined): ParsedReport {
  const table = readTable(bytes, SHAPE);
  const reader = rowReader(table.columns);
  const cells = new Cells(reader);
  const access = table.rows.map((row, index) => {
    reader.row = row;
    reader.line = table.lines[index] ?? 0;
    return accessOf(cells);
  });
  return {
    rows: new Set(access.map(({ identity }) => `${identity.kind} ${identity.id}`)).size,
    columns: table.columns,
    unknownColumns: table.unknownColumns,
    missingColumns: table.missingColumns,
    records: [],
    access,
    defects: table.defects,
    oddities: odditiesOf(reader),
  };
}

function accessOf(cells: Cells): ServiceAccess {
  const serviceName = cells.text('service_name');
  const action = cells.text('action');
  return {
    identity: identityOf(cells),
    service: cells.text('service'),
    ...(serviceName === '' ? {} : { serviceName }),
    ...(action === '' ? {} : { action }),
    granted: cells.flag('granted'),
    grantedBy: cells.list('granted_by').map(grantOf),
    lastUsedAt: cells.instant('last_used_at'),
    lastUsedRegion: cells.word('last_used_region'),
    trackedSince: cells.instant('tracked_since'),
    why: cells.list('why'),
  };
}

function grantOf(text: string): Grant {
  const at = text.lastIndexOf(' via ');
  return at === -1 ? { policy: text } : { policy: text.slice(0, at), via: text.slice(at + 5) };
}

export function identityOf(cells: Cells): AccessIdentity {
  const uniqueId = cells.text('identity_unique_id');
  return {
    kind: cells.oneOf('identity_kind', IDENTITY_KINDS) ?? 'user',
    id: cells.text('identity_id'),
    name: cells.text('identity_name'),
    ...(uniqueId === '' ? {} : { uniqueId }),
    createdAt: cells.instant('identity_created_at'),
  };
}
