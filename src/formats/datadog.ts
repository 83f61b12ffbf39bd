import type { Event } from '../domain/event.ts';
import type { Severity } from '../domain/rules.ts';
import { fastIso } from '../kit/fast-iso.ts';
import { readInstant } from '../kit/read-instant.ts';
import { type DatadogTable, type DatadogType, type RecordPath, TABLES } from './datadog-tables.ts';
import type { Format } from './format.ts';

type Data = Readonly<Record<string, unknown>>;
type Cell = string | boolean | null;

/** Inventory as rows of Datadog's own data set (`aws.iam_credential_report`) and its like; all else as Datadog's logs. */
export const datadog: Format = {
  name: 'datadog',
  encode: (event) => JSON.stringify(rowOf(event) ?? logOf(event)),
};

function rowOf(event: Event): Data | undefined {
  const { kind, account, identity, data } = event;
  const table = TABLES.get(account.provider);
  if (kind !== 'inventory' || table === undefined || identity === undefined || data === undefined) return undefined;
  return {
    _key: identity.id.startsWith('arn:') ? identity.id : `${account.id}/${identity.id}`,
    ...fieldsOf(table, data),
    account_id: account.id,
    tags: tagsOf(data['tags']),
  };
}

function fieldsOf(table: DatadogTable, data: Data): Data {
  const cells = partOf(data['cells']);
  const fields: Record<string, Cell> = {};
  for (const [column, type, field, record] of table.columns) {
    fields[field] ??= valueOf(type, record === undefined ? cells[column] : recordValue(data, record));
  }
  const { further } = table;
  if (further === undefined) return fields;
  for (const [column, cell] of Object.entries(cells)) {
    if (further.pattern.test(column)) fields[column] = valueOf(further.typeOf(column), cell);
  }
  return fields;
}

function recordValue(data: Data, path: RecordPath): unknown {
  if (typeof path === 'string') return data[path];
  const [slot, field] = path;
  const keys = Array.isArray(data['access_keys']) ? (data['access_keys'] as readonly Data[]) : []; // Muster's own records
  return keys.find((key) => key['slot'] === slot)?.[field];
}

/** What the clouds write where there is nothing to write. */
const NOTHING = new Set(['', '-', 'N/A', 'no_information', 'not_supported', 'LOGIN_DISABLED']);

const READERS: Readonly<Record<DatadogType, (cell: string) => Cell>> = {
  string: (cell) => (NOTHING.has(cell) || cell.startsWith('unknown:') ? null : cell.trim()),
  bool: (cell) => (/^true$/i.test(cell) ? true : /^false$/i.test(cell) ? false : null),
  timestamp: (cell) => timestampOf(cell),
};

function valueOf(type: DatadogType, cell: unknown): Cell {
  return typeof cell === 'string' ? READERS[type](cell) : null;
}

function timestampOf(cell: string): string | null {
  const instant = readInstant(cell);
  return instant === undefined ? null : fastIso(instant);
}

/** The user's own tags, as Datadog writes tags; null when nobody asked for them. */
function tagsOf(tags: unknown): string | null {
  if (typeof tags !== 'object' || tags === null) return null;
  return Object.entries(tags)
    .map(([key, value]) => csvCell(`${key}:${String(value)}`))
    .sort()
    .join(',');
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const STATUSES: Readonly<Record<Severity, string>> = {
  informational: 'info',
  low: 'notice',
  medium: 'warning',
  high: 'error',
  critical: 'critical',
};

/** `timestamp` is when Muster learned of it: Datadog takes no log that is older than 18 hours. */
function logOf(event: Event): Data {
  const { id, kind, type, time, severity, message, account, identity } = event;
  const { id: _, message: __, ...muster } = event;
  return {
    ddsource: 'muster',
    service: 'muster',
    ddtags: ddtagsOf(event),
    timestamp: time,
    status: STATUSES[severity],
    message,
    evt: { id, name: type, category: kind },
    ...(identity === undefined ? {} : { usr: { id: identity.id, name: identity.name } }),
    ...(account.provider === 'muster' ? {} : { cloud: { provider: account.provider, account_id: account.id } }),
    muster,
  };
}

/** Tags are of a few letters only; what does not fit becomes an underscore, as Datadog does it too. */
function ddtagsOf({ kind, account }: Event): string {
  const tags = [
    ['kind', kind],
    ['provider', account.provider],
    ['account_id', account.id],
    ['account', account.name],
    ...Object.entries(account.labels),
  ];
  return tags.map(([key = '', value = '']) => `${tagWord(key)}:${tagWord(value)}`).join(',');
}

function tagWord(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}_\-./]+/gu, '_');
}

function partOf(value: unknown): Data {
  return typeof value === 'object' && value !== null ? (value as Data) : {}; // by column
}
