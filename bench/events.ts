import { readFileSync } from 'node:fs';
import { derive } from '../src/derive/derive.ts';
import { selects } from '../src/derive/select.ts';
import { type Derived, EVENT_KINDS } from '../src/domain/event.ts';
import type { LoadedReport } from '../src/domain/loaded.ts';
import { plain } from '../src/formats/plain.ts';
import { batches } from '../src/pipeline/send.ts';
import type { Encoded } from '../src/sinks/sink.ts';
import { GENERATED_AT } from './kit/aws-reports.ts';
import { gzipped } from './kit/gzipped.ts';
import { accountIds, afterFile, beforeFile } from './kit/inputs.ts';
import { CADENCE_MS, loadedReport } from './kit/loaded-report.ts';
import { spent, started, type Throughput } from './kit/throughput.ts';

/** Raw CSV to gzipped events, as the pipeline does it: parse, judge, derive, select, encode, batch, gzip. */
const LIMITS = { maxEvents: 100, maxBytes: 262_144 };
const POLICY = { events: EVENT_KINDS, inventory: 'every' } as const;
const [folder = '', accounts = '0'] = process.argv.slice(2);

const counted = { rows: 0, events: 0, raw: 0, packed: 0, ms: 0, cpu_ms: 0, base_ms: 0 };
for (const id of accountIds(Number(accounts))) await pass(id);
const result: Throughput = { ...counted, peak_rss_mb: process.resourceUsage().maxRSS / 1_024 };
process.stdout.write(`${JSON.stringify(result)}\n`);

async function pass(id: string): Promise<void> {
  const base = started();
  const before = loadedReport(readFileSync(beforeFile(folder, id)), id, undefined, GENERATED_AT);
  counted.base_ms += spent(base).ms;
  const start = started();
  await send(loadedReport(readFileSync(afterFile(folder, id)), id, before, GENERATED_AT + CADENCE_MS), before);
  const { ms, cpu_ms } = spent(start);
  counted.ms += ms;
  counted.cpu_ms += cpu_ms;
}

async function send(current: LoadedReport, before: LoadedReport): Promise<void> {
  const events = derive(before, current).filter((one) => selects(POLICY, one));
  for (const batch of batches(encoded(events), LIMITS)) {
    const { raw, packed } = await gzipped(batch.map(({ text }) => text));
    counted.raw += raw;
    counted.packed += packed;
  }
  counted.rows += current.parsed.rows;
  counted.events += events.length;
}

function* encoded(events: readonly Derived[]): Generator<Encoded> {
  for (const { event } of events) yield { id: event.id, text: plain.encode(event) };
}
