import type { SinkEpoch } from '../archive/port.ts';
import { deriving } from '../derive/derive.ts';
import { selects } from '../derive/select.ts';
import type { Derived } from '../domain/event.ts';
import { Fault } from '../domain/fault.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { parseSourceName, type SourceName } from '../domain/names.ts';
import type { ReportEntry } from '../domain/report.ts';
import { linesOf } from '../formats/format.ts';
import { breathe } from '../kit/breathe.ts';
import { failpoint } from '../kit/failpoint.ts';
import { inTurns } from '../kit/steps.ts';
import type { Job, Outcome } from '../queue/queue.ts';
import type { Encoded } from '../sinks/sink.ts';
import { isAlarming, retryAt } from './backoff.ts';
import { load, loadBase } from './load.ts';
import { noProgress } from './progress.ts';
import { refusalsOf } from './refusals.ts';
import { sendAll } from './send.ts';
import type { Outlet, Pause, Stage } from './stage.ts';
import { firstFor } from './start.ts';
import { deliveryState, noteFault, noteOk, noteSinkFault, noteSinkOk } from './state.ts';

type DeliverJob = Extract<Job, { name: 'deliver' }>;

const DONE: Outcome = { do: 'done' };
const PROBE_MS = 5_000;

/** Bring this sink's cursor up to this source's head: report by report, in order, a receipt when all of one are in. */
export async function deliver(job: DeliverJob, stage: Stage, signal: AbortSignal): Promise<Outcome> {
  const source = parseSourceName(job.source);
  const outlet = stage.outlets.find(({ name }) => name === job.sink);
  if (source === undefined || outlet === undefined) return DONE;
  const head = await stage.archive.head(source);
  if (head === undefined || head.number > job.upTo) return DONE; // the job of the newer head does it all
  const paused = pausedUntil(outlet, stage);
  if (paused !== undefined) return { do: 'again', at: paused, job };
  const known = stage.pauses.get(outlet.name);
  try {
    await deliverSource(outlet, source, stage, signal);
    stage.pauses.delete(outlet.name);
    return DONE;
  } catch (error) {
    if (signal.aborted || !(error instanceof Fault)) throw error;
    return error.isOfSink ? sinkFailed(error, outlet, job, known, stage) : sourceFailed(error, job, stage);
  }
}

/** A sink that fails is asked by one delivery at a time; the others wait for what it learns. */
function pausedUntil({ name }: Outlet, stage: Stage): Instant | undefined {
  const pause = stage.pauses.get(name);
  if (pause === undefined) return undefined;
  const now = stage.clock.now();
  if (now < pause.until) return pause.until;
  stage.pauses.set(name, { ...pause, until: now + PROBE_MS });
  return undefined;
}

/** Resolves to the number of events sent when the cursor is at the head, looked at once more. */
export async function deliverSource(
  outlet: Outlet,
  source: SourceName,
  stage: Stage,
  signal: AbortSignal,
): Promise<number> {
  const { archive } = stage;
  const epoch = await archive.sinkEpoch(outlet.name, outlet.start, outlet.target, stage.clock.now());
  let sent = 0;
  for (;;) {
    signal.throwIfAborted();
    const head = await archive.head(source);
    const cursor = await archive.cursor(epoch, source, head);
    if (head === undefined || cursor >= head.number) return sent;
    const number = cursor === 0 ? await firstFor(epoch, source, head, archive) : cursor + 1;
    const entry = await archive.entry(source, number);
    if (entry === undefined) throw new Fault('malformed', `report ${number} of ${source} is missing from the archive`);
    sent += await deliverReport(outlet, epoch, entry, cursor === 0, stage, signal);
  }
}

async function deliverReport(
  outlet: Outlet,
  epoch: SinkEpoch,
  entry: ReportEntry,
  isFirst: boolean,
  stage: Stage,
  signal: AbortSignal,
): Promise<number> {
  const events = await wantedEvents(outlet, entry, isFirst, stage);
  failpoint('deliver.derived');
  const key = `${epoch.sink}@${epoch.epoch}/${entry.source}/${entry.number}/${entry.sha256}`;
  const progress = stage.progress.get(key) ?? noProgress();
  stage.progress.set(key, progress);
  await sendAll(outlet, entry, () => encoded(events, outlet), progress, stage, signal);
  const { rejected } = progress;
  const delivered = progress.settled.size - rejected; // lines: a format may write one event as several
  failpoint('deliver.sent');
  const now = stage.clock.now();
  await stage.archive.receive(epoch, entry, {
    number: entry.number,
    manifest: entry.sha256,
    delivered_at: formatInstant(now),
    events: delivered,
    rejected,
  });
  failpoint('deliver.received');
  stage.progress.delete(key);
  await noteSinkOk(stage.archive, outlet.name, entry.source, now);
  await noteOk(stage.archive, deliveryState(outlet.name, entry.source), now);
  stage.observe({
    kind: 'delivered',
    sink: outlet.name,
    source: entry.source,
    number: entry.number,
    events: delivered,
    rejected,
  });
  return delivered + rejected;
}

/** What this report means to this sink: pure but for reading the archive, so the same at every attempt. */
async function wantedEvents(
  outlet: Outlet,
  entry: ReportEntry,
  isFirst: boolean,
  stage: Stage,
): Promise<readonly Derived[]> {
  const current = await load(stage.archive, stage.kind, entry);
  const base = isFirst ? undefined : await loadBase(stage.archive, stage.kind, entry);
  if (base === 'damaged')
    stage.observe({
      kind: 'warning',
      message: `the report before ${entry.source} ${entry.number} is damaged: no changes can be told`,
    });
  const steps = base === 'damaged' ? deriving(undefined, current, { baseDamaged: true }) : deriving(base, current);
  const derived = await inTurns(steps);
  await breathe();
  return derived.filter((one) => selects(outlet.policy, one));
}

/** One by one, as batches are filled. */
export function* encoded(events: readonly Derived[], { format }: Pick<Outlet, 'format'>): Generator<Encoded> {
  for (const { event } of events) yield* linesOf(format, event);
}

/**
 * What several meet that were under way at once is one failure, said once. Of whose events the sink took none asks after the others: what it takes
 * of them tells whether it is the sink.
 */
async function sinkFailed(
  fault: Fault,
  { name }: Outlet,
  job: DeliverJob,
  known: Pause | undefined,
  stage: Stage,
): Promise<Outcome> {
  const patience = refusalsOf(stage.refusals, name).wholly.has(job.source) ? PROBE_MS : 0;
  const again = (at: Instant): Outcome => ({
    do: 'again',
    at: at + patience,
    job: { ...job, attempt: job.attempt + 1 },
  });
  const met = stage.pauses.get(name);
  if (met !== undefined && met !== known) return again(met.until);
  const now = stage.clock.now();
  const failures = (known?.failures ?? 0) + 1;
  const until = retryAt(fault, failures, now);
  stage.pauses.set(name, { until, failures });
  sayFailed(fault, job, until, stage);
  if (isAlarming(fault, failures)) await noteSinkFault(stage.archive, name, job.source, fault, now);
  return again(until);
}

async function sourceFailed(fault: Fault, job: DeliverJob, stage: Stage): Promise<Outcome> {
  const attempt = job.attempt + 1;
  const now = stage.clock.now();
  const at = retryAt(fault, attempt, now);
  sayFailed(fault, job, at, stage);
  if (isAlarming(fault, attempt)) await noteFault(stage.archive, deliveryState(job.sink, job.source), fault, now);
  return { do: 'again', at, job: { ...job, attempt } };
}

function sayFailed({ kind, message }: Fault, job: DeliverJob, at: Instant, stage: Stage): void {
  const subject = `${job.sink} ${job.source}`;
  stage.observe({ kind: 'fault', job: 'deliver', subject, fault: kind, message, retryAt: formatInstant(at) });
}
