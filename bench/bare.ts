import { readFileSync } from 'node:fs';
import { gzipped } from './kit/gzipped.ts';
import { accountIds, afterFile } from './kit/inputs.ts';
import { spent, started, type Throughput } from './kit/throughput.ts';

/**
 * The least that turns the same bytes into gzipped NDJSON: read, split, an object per row, stringify, join, gzip.
 * `cells` writes the cells and nothing else; `events` writes as many bytes as Muster does, without looking at any.
 */
const BATCH = 100;
const [folder = '', accounts = '0', shape = 'cells'] = process.argv.slice(2);
const ENVELOPE = {
  id: '00000000000000000000000000000000',
  kind: 'inventory',
  type: 'inventory.identity',
  time: '2026-11-20T12:00:02Z',
  occurred_at: '2026-11-20T12:00:00Z',
  severity: 'informational',
};
const ACCOUNT = { provider: 'aws', id: '123456789012', name: 'prod-retail', labels: { bu: 'retail', env: 'prod' } };
const REPORT = {
  source: 'aws/123456789012/credential-report',
  number: 2,
  generated_at: '2026-11-20T12:00:00Z',
  collected_at: '2026-11-20T12:00:02Z',
  next_refresh_at: '2026-11-20T16:00:00Z',
  sha256: '0000000000000000000000000000000000000000000000000000000000000000',
};

const counted = { rows: 0, events: 0, raw: 0, packed: 0 };
const start = started();
for (const id of accountIds(Number(accounts))) await pass(id);
const result: Throughput = { ...counted, ...spent(start), base_ms: 0 };
process.stdout.write(`${JSON.stringify(result)}\n`);

async function pass(id: string): Promise<void> {
  const [header = '', ...rows] = readFileSync(afterFile(folder, id), 'utf8').split('\n');
  const columns = header.split(',');
  let batch: string[] = [];
  for (const row of rows) {
    batch.push(shape === 'events' ? eventOf(columns, row.split(',')) : cellsOf(columns, row.split(',')));
    if (batch.length === BATCH) batch = await send(batch);
  }
  if (batch.length > 0) await send(batch);
  counted.rows += rows.length;
}

function cellsOf(columns: readonly string[], cells: readonly string[]): string {
  return JSON.stringify(objectOf(columns, cells));
}

function eventOf(columns: readonly string[], cells: readonly string[]): string {
  const [name = '', id = '', created_at, console_enabled, console_last_used_at, password_changed_at] = cells;
  return JSON.stringify({
    ...ENVELOPE,
    message: `inventory of ${name} in prod-retail`,
    account: ACCOUNT,
    identity: { kind: 'user', id, name },
    report: REPORT,
    data: {
      created_at,
      console_enabled,
      console_last_used_at,
      password_changed_at,
      password_next_rotation_at: cells[6],
      mfa_enabled: cells[7],
      access_keys: [keyOf(cells, 8), keyOf(cells, 13)],
      certificates: [],
      derived: [],
      cells: objectOf(columns, cells),
    },
  });
}

function keyOf(cells: readonly string[], at: number): Record<string, unknown> {
  return {
    slot: 1,
    active: cells[at],
    created_at: cells[at + 1],
    last_used_at: cells[at + 2],
    last_used_region: cells[at + 3],
    last_used_service: cells[at + 4],
  };
}

function objectOf(columns: readonly string[], cells: readonly string[]): Record<string, string> {
  const object: Record<string, string> = {};
  for (let at = 0; at < columns.length; at += 1) object[columns[at] ?? ''] = cells[at] ?? '';
  return object;
}

async function send(batch: readonly string[]): Promise<string[]> {
  const { raw, packed } = await gzipped(batch);
  counted.events += batch.length;
  counted.raw += raw;
  counted.packed += packed;
  return [];
}
