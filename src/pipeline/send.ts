import { Fault } from '../domain/fault.ts';
import { formatInstant } from '../domain/instant.ts';
import type { ReportEntry } from '../domain/report.ts';
import { abortedLater } from '../kit/aborted-later.ts';
import { breathe } from '../kit/breathe.ts';
import { failpoint } from '../kit/failpoint.ts';
import type { Encoded, SendOutcome, Sink } from '../sinks/sink.ts';
import type { Progress } from './progress.ts';
import type { Outlet, Stage } from './stage.ts';

type Limits = Sink['limits'];

/** A batch that is under way when the daemon is told to stop is finished, or it would come twice. */
const FINISH_MS = 10_000;

/**
 * Sends what is not settled yet, in order, batch by batch, and buries what the sink refuses for good. Throws the sink's
 * Fault after noting what did get through, so that the next attempt goes on from there.
 */
export async function sendAll(
  outlet: Outlet,
  entry: ReportEntry,
  events: Iterable<Encoded>,
  progress: Progress,
  stage: Stage,
  signal: AbortSignal,
): Promise<void> {
  const sink = await ofSink(outlet.open());
  const patient = abortedLater(signal, FINISH_MS);
  try {
    for (const batch of batches(unsettled(events, progress), sink.limits)) {
      patient.signal.throwIfAborted();
      await sendBatch(outlet, entry, batch, sink, progress, stage, patient.signal);
      await breathe(); // a sink that answers at once must not keep the process to itself
    }
  } finally {
    patient.release();
  }
}

async function sendBatch(
  outlet: Outlet,
  entry: ReportEntry,
  batch: readonly Encoded[],
  sink: Sink,
  progress: Progress,
  stage: Stage,
  signal: AbortSignal,
): Promise<void> {
  const outcome = isTooLarge(batch, sink.limits)
    ? tooLarge(batch, sink.limits)
    : await ofSink(sink.send(batch, signal));
  failpoint('deliver.batch_sent');
  insistOnAll(outlet, batch, outcome);
  for (const { id } of outcome.delivered) progress.settled.add(id);
  for (const { item, reason } of outcome.rejected) {
    await bury(outlet, entry, item, reason, stage);
    progress.settled.add(item.id);
    progress.rejected += 1;
  }
  if (outcome.retry !== undefined) throw asOfSink(outcome.retry.fault);
}

/** A Fault of the sink is marked as such: the archive's own are another trouble. */
async function ofSink<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Fault ? asOfSink(error) : error;
  }
}

function asOfSink({ kind, message, retryAfterMs, cause }: Fault): Fault {
  return new Fault(kind, message, { cause, isOfSink: true, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}

function* unsettled(events: Iterable<Encoded>, { settled }: Progress): Generator<Encoded> {
  for (const event of events) if (!settled.has(event.id)) yield event;
}

/** As many events as the sink takes at once, by count and by bytes; one that is too large alone goes alone. */
export function* batches(events: Iterable<Encoded>, limits: Limits): Generator<readonly Encoded[]> {
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
  const message = `sink ${outlet.name}: did not say what became of every event of a batch`;
  throw new Fault('unreachable', message, { isOfSink: true });
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
