import type { Event } from '../domain/event.ts';
import type { LoadedReport } from '../domain/loaded.ts';
import { countInWords } from '../domain/report.ts';
import { readCsv } from '../kit/csv.ts';

const LIMITS = { maxRows: 2_000_001, maxCellChars: 64 * 1024 };

type Cells = Readonly<Record<string, string>>;

/** The rows of an audit that an event looks at, a text each: those of a key or of an identity, and of a service or a policy where it is about one. */
export function auditRows(event: Event, { entry, parts }: LoadedReport): string | readonly string[] {
  const { identity, credential } = event;
  if (identity === undefined) return `all rows of ${countInWords(entry.source, entry.manifest.rows)}`;
  const [header = [], ...rows] = readCsv(tableOf(entry.manifest.parts[0]?.name ?? '', parts), LIMITS).rows;
  const policy = textOf(event.data, 'policy');
  const service = textOf(event.data, 'service') ?? textOf(event.after, 'service');
  const isMeant = (cells: Cells) =>
    (credential?.id !== undefined && cells['key_id'] !== undefined
      ? cells['key_id'] === credential.id
      : (policy !== undefined && identity.kind === 'group') ||
        (cells['identity_id'] === identity.id && cells['identity_kind'] === identity.kind)) &&
    (service === undefined || cells['service'] === service) &&
    (policy === undefined || isGivenBy(policy, cells));
  const meant = rows.filter((row) => isMeant(named(header, row))).map((row) => rowText(header, row));
  return meant.length === 0 ? 'not in this report' : meant;
}

function tableOf(name: string, parts: LoadedReport['parts']): string {
  return new TextDecoder().decode(parts.get(name));
}

function textOf(data: Event['data'], field: string): string | undefined {
  const text = data?.[field];
  return typeof text === 'string' ? text : undefined;
}

/** As the table writes a grant: `Admin` or `Admin via group:ops`. */
function isGivenBy(policy: string, { granted_by: grants = '' }: Cells): boolean {
  return grants.split('; ').some((grant) => grant === policy || grant.startsWith(`${policy} via `));
}

function named(header: readonly string[], row: readonly string[]): Cells {
  return Object.fromEntries(header.map((column, index) => [column, row[index] ?? '']));
}

/** Who it is of stands in the event, and most cells of most rows are empty. */
function rowText(header: readonly string[], row: readonly string[]): string {
  return header
    .map((column, index) => [column, row[index] ?? ''] as const)
    .filter(([column, cell]) => cell !== '' && !column.startsWith('identity_'))
    .map(([column, cell]) => `${column}=${cell}`)
    .join(' ');
}
