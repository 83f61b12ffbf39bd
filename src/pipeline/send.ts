import { Fault } from '../domain/fault.ts';
import { formatInstant } from '../domain/instant.ts';
import type { ReportEntry } from '../domain/report.ts';
import { abortedLater } from '../kit/aborted-later.ts';
import { breathe } from '../kit/breathe.ts';
import { failpoint } from '../kit/failpoint.ts';
import type { Encoded, SendOutcome, Sink } from '../sinks/sink.ts';
import type { Progress } from './progress.ts';
import { isOfItsOwn, isRefusingAll, noteAccepted, type Refusals, refusalsOf, refusesAll } from './refusals.ts';
import type { Outlet, Stage } from './stage.ts';

type Limits = Sink['limits'];

/** A batch that is under way when the daemon is told to stop is finished, or it would come twice. */
const FINISH_MS = 10_000;
/** Requests that tell whether a sink that refused everything takes something again. */
const PROBES = 3;

/**
 * Sends what is not settled yet, in order, batch by batch, and buries what the sink refuses for good. Throws the sink's
 * Fault after noting what did get through, so that the next attempt goes on from there.
 */
export async function sendAll(
  outlet: Outlet,
  entry: ReportEntry,
  events: () => Iterable<Encoded>,
  progress: Progress,
  stage: Stage,
  signal: AbortSignal,
): Promise<void> {
  const sink = await ofSink(outlet.open());
  const patient = abortedLater(signal, FINISH_MS);
  const refusals = refusalsOf(stage.refusals, outlet.name);
  const sending: Sending = { outlet, entry, sink, progress, stage, refusals, doubted: [], signal: patient.signal };
  try {
    if (isRefusingAll(refusals) && !isOfItsOwn(refusals, entry.source))
      await probe(sending, unsettled(events(), progress));
    for (const batch of batches(unsettled(events(), progress), sink.limits)) {
      const refusal = await sendBatch(sending, batch);
      if (refusal !== undefined) throw refusal;
      await breathe(); // a sink that answers at once must not keep the process to itself
    }
    await bury(sending, sending.doubted);
    if (isOfItsOwn(refusals, entry.source)) refusals.wholly.set(entry.source, refusals.accepted);
  } finally {
    patient.release();
  }
}

interface Sending {
  readonly outlet: Outlet;
  readonly entry: ReportEntry;
  readonly sink: Sink;
  readonly progress: Progress;
  readonly stage: Stage;
  readonly refusals: Refusals;
  /** Refused, but perhaps because the sink refuses everything: dead letters when it does not. */
  readonly doubted: Rejected[];
  readonly signal: AbortSignal;
}

type Rejected = SendOutcome['rejected'][number];

/** A sink that refused everything is asked one by one: the first event, and some that it has not refused yet. */
async function probe(sending: Sending, events: Iterable<Encoded>): Promise<void> {
  const known = new Set(sending.refusals.since);
  let refusal: Fault | undefined;
  let left = PROBES;
  for (const event of events) {
    if (refusal !== undefined && known.has(event.id)) continue;
    refusal = await sendBatch(sending, [event]);
    if (!isRefusingAll(sending.refusals)) return;
    if (refusal !== undefined) left -= 1;
    if (left === 0) break;
  }
  if (refusal !== undefined) throw refusal;
}

/** Resolves to a Fault when it looks as if the sink refused everything. */
async function sendBatch(sending: Sending, batch: readonly Encoded[]): Promise<Fault | undefined> {
  const { outlet, sink, progress, signal } = sending;
  signal.throwIfAborted();
  if (isTooLarge(batch, sink.limits)) {
    await bury(sending, tooLarge(batch, sink.limits));
    return undefined;
  }
  const outcome = await ofSink(sink.send(batch, signal));
  failpoint('deliver.batch_sent');
  insistOnAll(outlet, batch, outcome);
  for (const { id } of outcome.delivered) progress.settled.add(id);
  const refusal = await judge(sending, outcome);
  if (outcome.retry !== undefined) throw asOfSink(outcome.retry.fault);
  return refusal;
}

/** Poisonous events among good ones are dead letters; where nothing is accepted any more, it is the sink. */
async function judge(sending: Sending, { delivered, rejected }: SendOutcome): Promise<Fault | undefined> {
  const { entry, refusals, doubted } = sending;
  if (delivered.length > 0) noteAccepted(refusals, entry.source);
  if (delivered.length > 0 || isOfItsOwn(refusals, entry.source)) {
    await bury(sending, [...doubted.splice(0), ...rejected]);
    return undefined;
  }
  const isKnown = ({ item }: Rejected) => refusals.before.has(item.id);
  await bury(sending, rejected.filter(isKnown));
  const news = rejected.filter((one) => !isKnown(one));
  doubted.push(...news);
  for (const { item } of news) refusals.since.add(item.id);
  const [first] = news;
  if (first === undefined || !isRefusingAll(refusals)) return undefined;
  refusals.wholly.set(entry.source, refusals.accepted);
  return refusesAll(refusals, first.reason);
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

function tooLarge(batch: readonly Encoded[], limits: Limits): readonly Rejected[] {
  return batch.map((item) => ({ item, reason: `larger than the sink's limit of ${limits.maxBytes} bytes` }));
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

async function bury({ outlet, entry, progress, stage }: Sending, refused: readonly Rejected[]): Promise<void> {
  for (const { item, reason } of refused) {
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
    progress.settled.add(item.id);
    progress.rejected += 1;
  }
}
