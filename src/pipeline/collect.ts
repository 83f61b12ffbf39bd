import type { Quarantined } from '../archive/port.ts';
import { Fault } from '../domain/fault.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { RawReport, ReportEntry } from '../domain/report.ts';
import { failpoint } from '../kit/failpoint.ts';
import type { Connection, ReportKind, Step } from '../providers/provider.ts';
import type { Job, Outcome } from '../queue/queue.ts';
import { knownSource } from './accounts.ts';
import { isAlarming, retryAt } from './backoff.ts';
import { dueAt, isAlmostDue, newestKnown } from './due.ts';
import { type Kept, keep, since } from './keep.ts';
import { reconsider } from './quarantine.ts';
import { isNews, sharedBy } from './shared-fault.ts';
import { type ConfiguredSource, describeSource, type Stage } from './stage.ts';
import { noteFault, noteOk, sourceState } from './state.ts';

type CollectJob = Extract<Job, { name: 'collect' }>;

const DONE: Outcome = { do: 'done' };

/** What became of one look at a source: for the queue an outcome, for the command line something to say. */
export type Collected =
  | { readonly do: 'nothing'; readonly why: string; readonly dueAt?: Instant }
  | { readonly do: 'wait'; readonly step: Extract<Step, { do: 'wait' }> }
  | { readonly do: 'unchanged'; readonly step: Extract<Step, { do: 'unchanged' }> }
  | { readonly do: 'kept'; readonly kept: Kept };

/** Bring this source's head up to date: one step of the provider's state machine. Looks again before it acts. */
export async function collect(job: CollectJob, stage: Stage, signal: AbortSignal): Promise<Outcome> {
  const target = await knownSource(stage, job.source);
  if (target === undefined) return DONE; // removed from the config or its organisation, or never in it
  try {
    const collected = await collectOnce(target, stage, signal, job.state);
    await noteOk(stage.archive, sourceState(target.source), stage.clock.now());
    return outcomeOf(collected, job, target, stage);
  } catch (error) {
    if (signal.aborted || !(error instanceof Fault)) throw error;
    return failed(error, job, target, stage);
  }
}

export interface LookOptions {
  /** Ask although it is not due: `muster collect --now`. */
  readonly early?: boolean;
}

export async function collectOnce(
  target: ConfiguredSource,
  stage: Stage,
  signal: AbortSignal,
  state: unknown,
  options: LookOptions = {},
): Promise<Collected> {
  const kind = stage.kind(target.source);
  if (kind === undefined) return { do: 'nothing', why: 'no provider knows this report kind' };
  if (kind.collectable === false) return { do: 'nothing', why: 'a person brings it' };
  await stage.archive.seen(target.source, stage.clock.now());
  const { head, held } = await reconsider(target, kind, stage);
  const newest = newestKnown(head, since(head, held));
  const due = newest === undefined ? undefined : dueAt(target.source, newest, target.everyMs); // at once when nothing is held yet
  if (due !== undefined && options.early !== true && !mayAsk(due, target, stage, state)) {
    return { do: 'nothing', why: `next due at ${formatInstant(due)}`, dueAt: due };
  }
  const step = await look(target, head, stage, signal, state);
  switch (step.do) {
    case 'wait':
      stage.observe({ kind: 'waiting', source: target.source, until: formatInstant(step.until), why: step.why });
      return { do: 'wait', step };
    case 'unchanged':
      stage.observe({ kind: 'unchanged', source: target.source, generatedAt: formatInstant(step.generatedAt) });
      return { do: 'unchanged', step };
    case 'keep':
      return { do: 'kept', kept: await file(target, kind, step, held, stage) };
  }
}

/** What was begun is finished, unless somebody else brought the report meanwhile: then it is far from due. */
function mayAsk(due: Instant, target: ConfiguredSource, stage: Stage, state: unknown): boolean {
  const now = stage.clock.now();
  return state === undefined ? due <= now : isAlmostDue(due, now, target.everyMs);
}

async function file(
  target: ConfiguredSource,
  kind: ReportKind,
  step: Extract<Step, { do: 'keep' }>,
  held: readonly Quarantined[],
  stage: Stage,
): Promise<Kept> {
  failpoint('collect.fetched');
  const kept = await atDesk(stage, step.report, () => keep(target, kind, step.report, stage, { held }));
  failpoint('collect.kept');
  if (kept.kind === 'archived') {
    await enqueueDeliveries(kept.entry, stage);
    await enqueueNext(target, kept.entry, stage);
  }
  failpoint('collect.enqueued');
  return kept;
}

/** A large report takes several: as rows it is many times its bytes. */
const BYTES_OF_DESK = 4 * 1024 * 1024;

async function atDesk<T>({ desks }: Stage, { parts: [table] }: RawReport, work: () => Promise<T>): Promise<T> {
  const taken = await desks.take(Math.ceil((table?.bytes.length ?? 1) / BYTES_OF_DESK));
  try {
    return await work();
  } finally {
    desks.give(taken);
  }
}

/** A cadence shorter than a tick (a simulator's) must not wait for the plan. */
async function enqueueNext(target: ConfiguredSource, head: ReportEntry, stage: Stage): Promise<void> {
  const due = dueAt(target.source, head.generatedAt, target.everyMs);
  if (due >= stage.clock.now() + stage.tickMs) return;
  await stage.enqueue({ name: 'collect', source: target.source, due: formatInstant(due), attempt: 0 }, due);
}

export async function enqueueDeliveries(entry: ReportEntry, stage: Stage): Promise<void> {
  for (const outlet of stage.outlets) {
    await stage.enqueue(
      { name: 'deliver', sink: outlet.name, source: entry.source, upTo: entry.number, attempt: 0 },
      stage.clock.now(),
    );
  }
}

async function look(
  target: ConfiguredSource,
  head: ReportEntry | undefined,
  stage: Stage,
  signal: AbortSignal,
  state: unknown,
): Promise<Step> {
  const lastsMs = stage.kind(target.source)?.attemptLastsMs?.(target.everyMs);
  const connection = await stage.connection(target.account);
  await insistOnAccount(connection, target, signal);
  return connection.next(target.source.slice(target.source.lastIndexOf('/') + 1), {
    state,
    head,
    headParts: async (names) => (head === undefined ? new Map() : stage.archive.parts(head, names)),
    attempt: () => stage.archive.attempt(target.source, (head?.number ?? 0) + 1, stage.clock.now(), lastsMs),
    everyMs: target.everyMs,
    clock: stage.clock,
    signal,
  });
}

/** Nothing is filed under an account that the credentials do not belong to. */
async function insistOnAccount(connection: Connection, target: ConfiguredSource, signal: AbortSignal): Promise<void> {
  const { accountId, principal } = await connection.identify(signal);
  if (accountId === target.account.id) return;
  throw new Fault(
    'misconfigured',
    `${describeSource(target)}: its credentials belong to account ${accountId} (${principal}); mend auth or account_id`,
  );
}

function outcomeOf(collected: Collected, job: CollectJob, target: ConfiguredSource, stage: Stage): Outcome {
  const { state: _, ...fresh } = job;
  switch (collected.do) {
    case 'nothing': {
      // A replica whose clock is ahead planned it: the next plan would be minutes late.
      const { dueAt: due } = collected;
      if (due === undefined || !isAlmostDue(due, stage.clock.now(), target.everyMs)) return DONE;
      return { do: 'again', at: due, job: { ...fresh, attempt: 0 } };
    }
    case 'kept':
      return DONE;
    case 'wait':
      return { do: 'again', at: collected.step.until, job: { ...fresh, attempt: 0, state: collected.step.state } };
    case 'unchanged':
      return { do: 'again', at: collected.step.nextAt, job: { ...fresh, attempt: 0 } };
  }
}

async function failed(fault: Fault, job: CollectJob, target: ConfiguredSource, stage: Stage): Promise<Outcome> {
  const attempt = job.attempt + 1;
  const now = stage.clock.now();
  const at = retryAt(fault, attempt, now);
  const shared = sharedBy(fault, target.account);
  if (shared === undefined || isNews(shared, stage)) {
    stage.observe({
      kind: 'fault',
      job: 'collect',
      subject: shared ?? target.source,
      fault: fault.kind,
      message: fault.message,
      retryAt: formatInstant(at),
    });
  }
  if (shared === undefined && isAlarming(fault, attempt))
    await noteFault(stage.archive, sourceState(target.source), fault, now);
  return { do: 'again', at, job: { ...job, attempt } };
}
