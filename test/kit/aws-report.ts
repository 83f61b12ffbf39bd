import { formatInstant } from '../../src/domain/instant.ts';
import { sourceName } from '../../src/domain/names.ts';
import type { RawReport, ReportEntry } from '../../src/domain/report.ts';
import { COLUMNS } from '../../src/providers/aws/credential-report/columns.ts';

export interface ReportUser {
  readonly name: string;
  readonly created: string;
  readonly keys?: readonly { readonly created: string; readonly active?: boolean }[];
}

/** A credential report in the live form of 2026, with nothing in it but users and keys. */
export function awsReport(users: readonly ReportUser[]): Uint8Array {
  const root = row('<root_account>', 'arn:aws:iam::123456789012:root', '2020-01-01T00:00:00Z', []);
  const rows = users.map((user) =>
    row(user.name, `arn:aws:iam::123456789012:user/${user.name}`, user.created, user.keys ?? []),
  );
  return new TextEncoder().encode([COLUMNS.join(','), root, ...rows].join('\n'));
}

/** A report as it is found in the archive later. */
export function entryOf(report: RawReport, rows: number): ReportEntry {
  const source = sourceName({ provider: 'aws', accountId: '123456789012', kind: 'credential-report' });
  const parts = report.parts.map(({ name, bytes }) => ({ name, file: name, size: bytes.length, sha256: '' }));
  return {
    source,
    number: 1,
    generatedAt: report.generatedAt,
    collectedAt: report.collectedAt,
    sha256: '',
    manifest: {
      version: 1,
      source,
      number: 1,
      generated_at: formatInstant(report.generatedAt),
      collected_at: formatInstant(report.collectedAt),
      origin: report.origin,
      rows,
      columns: COLUMNS.length,
      parts,
      request_ids: [],
      cut: [],
      muster: '0.1.0',
    },
  };
}

function row(name: string, arn: string, created: string, keys: NonNullable<ReportUser['keys']>): string {
  const slot = (n: number) => {
    const key = keys[n];
    return key === undefined ? 'false,N/A,N/A,N/A,N/A' : `${key.active ?? true},${key.created},N/A,N/A,N/A`;
  };
  return [name, arn, created, 'false,N/A,N/A,N/A,false', slot(0), slot(1), 'false,N/A,false,N/A'].join(',');
}
