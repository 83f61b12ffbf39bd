import { Fault } from '../domain/fault.ts';
import { formatInstant } from '../domain/instant.ts';
import type { ReportEntry } from '../domain/report.ts';
import { failpoint } from '../kit/failpoint.ts';
import type { Encoded, SendOutcome, Sink } from '../sinks/sink.ts';
import type { Outlet, Stage } from './stage.ts';

type Limits = Sink['limits'];

/**
 * Sends what is not settled yet, in order, batch by batch; resolves to the number of events that the sink refused for
 * good. Throws the sink's Fault after noting what did get through, so that the next attempt goes on from there.
 */
export async function sendAll(
  outlet: Outlet,
  entry: ReportEntry,
  events: readonly Encoded[],
  settled: Set<string>,
  stage: Stage,
  signal: AbortSignal,
): Promise<number> {
  const sink = await outlet.open();
  let rejected = 0;
  for (const batch of batches(
    events.filter(({ id }) => !settled.has(id)),
    sink.limits,
  )) {
    signal.throwIfAborted();
    const outcome = isTooLarge(batch, sink.limits) ? tooLarge(batch, sink.limits) : await sink.send(batch, signal);
    failpoint('deliver.batch_sent');
    insistOnAll(outlet, batch, outcome);
    for (const { item, reason } of outcome.rejected) await bury(outlet, entry, item, reason, stage);
    rejected += outcome.rejected.length;
    for (const { id } of outcome.delivered) settled.add(id);
    for (const { item } of outcome.rejected) settled.add(item.id);
    if (outcome.retry !== undefined) throw outcome.retry.fault;
  }
  return rejected;
}

/** As many events as the sink takes at once, by count and by bytes; one that is too large alone goes alone. */
export function* batches(events: readonly Encoded[], limits: Limits): Generator<readonly Encoded[]> {
  let batch: Encoded[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(event.text) + 1;
    if (batch.length > 0 && (batch.length >= limits.maxEvents || bytes + size > limits.maxBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(event);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

function isTooLarge(batch: readonly Encoded[], limits: Limits): boolean {
  return batch.length === 1 && Buffer.byteLength(batch[0]?.text ?? '') > limits.maxBytes;
}

function tooLarge(batch: readonly Encoded[], limits: Limits): SendOutcome {
  return {
    delivered: [],
    rejected: batch.map((item) => ({ item, reason: `larger than the sink's limit of ${limits.maxBytes} bytes` })),
  };
}

/** A sink that forgets an item must not earn a receipt. */
function insistOnAll(outlet: Outlet, batch: readonly Encoded[], { delivered, rejected, retry }: SendOutcome): void {
  const told = new Set(
    [...delivered, ...rejected.map(({ item }) => item), ...(retry?.items ?? [])].map(({ id }) => id),
  );
  if (batch.every(({ id }) => told.has(id))) return;
  throw new Fault('unreachable', `sink ${outlet.name}: did not say what became of every event of a batch`);
}

async function bury(outlet: Outlet, entry: ReportEntry, item: Encoded, reason: string, stage: Stage): Promise<void> {
  await stage.archive.deadLetter({
    sink: outlet.name,
    source: entry.source,
    number: entry.number,
    event_id: item.id,
    reason,
    rejected_at: formatInstant(stage.clock.now()),
    payload: item.text,
  });
  stage.observe({ kind: 'rejected', sink: outlet.name, source: entry.source, eventId: item.id, reason });
}
