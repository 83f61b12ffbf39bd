import type { JobState, Quarantined, SinkEpoch, SinkStart } from '../archive/port.ts';
import { collectsFrom } from '../domain/duties.ts';
import { Fault } from '../domain/fault.ts';
import type { Trouble } from '../domain/health.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { type SourceName, splitSource } from '../domain/names.ts';
import type { ReportEntry } from '../domain/report.ts';
import { concurrently } from '../kit/concurrently.ts';
import { groupBy } from '../kit/group-by.ts';
import type { Job } from '../queue/queue.ts';
import { knownAccounts, whyNot } from './accounts.ts';
import { clockBehindMs, warnOfClock } from './clock-behind.ts';
import { fileCoverage } from './daily-coverage.ts';
import { coldStartAt, dueAt, newestKnown } from './due.ts';
import { fileHealth, latenessOf, troubleOf } from './health.ts';
import { listMembers, memberLists } from './member-lists.ts';
import { warnOfOldExclusions, withOrganizations } from './organization-health.ts';
import { isNews } from './shared-fault.ts';
import { type ConfiguredSource, configuredSources, type Stage } from './stage.ts';
import { deliveryState, sinkState, sourceState } from './state.ts';

const LOOKS_AT_ONCE = 32;
const HOUR_MS = 60 * 60_000;

export interface Planned {
  readonly sources: number;
  readonly due: number;
  readonly behind: number;
}

export interface PlanOptions {
  /** The members of organisations were listed just now. */
  readonly isListed?: boolean;
}

interface Look {
  readonly configured: ReadonlyMap<SourceName, ConfiguredSource>;
  /** By `aws/123456789012`: why a member is not collected. */
  readonly leftOut: ReadonlyMap<string, string>;
  readonly quarantined: ReadonlyMap<SourceName, readonly Quarantined[]>;
  readonly epochs: readonly SinkEpoch[];
  readonly now: Instant;
  readonly headless: SourceName[];
  readonly troubles: Map<string, Trouble>;
  readonly answered: Map<string, Instant>;
  due: number;
  behind: number;
}

/**
 * Look at everything, and enqueue what is due before the next tick and what lags. It is the reconciler too: whatever a
 * crash or a flushed Redis lost is missing here, and asked for again. Collecting follows the config; delivering
 * follows every source ever seen.
 */
export async function plan(stage: Stage, signal: AbortSignal, options: PlanOptions = {}): Promise<Planned> {
  const began = stage.clock.now();
  for (const message of await stage.readAccountFiles())
    if (isNews(message, stage, HOUR_MS)) stage.observe({ kind: 'warning', message });
  if (options.isListed !== true) await listMembers(stage, signal);
  warnOfOldExclusions(stage);
  const look = await open(stage);
  const sources = new Set([...look.configured.keys(), ...(await stage.archive.sources())]);
  await concurrently(sources, LOOKS_AT_ONCE, async (source) => {
    signal.throwIfAborted();
    await planSource(source, look, stage).catch((error: unknown) => hold(source, error, look, stage));
  });
  await planColdStarts(look, stage);
  await fileHealth(stage, await healthOf(look, stage));
  const isSettled = look.headless.every((source) => look.troubles.has(source)); // none whose first report may still come
  if (isSettled) await fileCoverage(stage);
  const planned = { sources: sources.size, due: look.due, behind: look.behind };
  const behindMs = clockBehindMs(look.answered.values(), look.now);
  warnOfClock(behindMs, stage);
  stage.observe({ kind: 'planned', ...planned, clockBehindMs: behindMs, ms: stage.clock.now() - began });
  return planned;
}

async function open(stage: Stage): Promise<Look> {
  const now = stage.clock.now();
  return {
    configured: new Map(configuredSources(await knownAccounts(stage)).map((target) => [target.source, target])),
    leftOut: await leftOut(stage, now),
    quarantined: groupBy(await stage.archive.quarantined(), ({ source }) => source),
    epochs: await epochsOf(stage, now),
    now,
    headless: [],
    troubles: new Map(),
    answered: new Map(),
    due: 0,
    behind: 0,
  };
}

/** Whoever delivers begins a sink; others look at what was begun. */
async function epochsOf({ archive, duties, outlets }: Stage, now: Instant): Promise<readonly SinkEpoch[]> {
  const epochs: SinkEpoch[] = [];
  for (const { name, start, target } of outlets) {
    if (duties.delivers) {
      epochs.push(await archive.sinkEpoch(name, start, target, now));
      continue;
    }
    const begun = await archive.series<SinkStart>(['sinks', name]).latest();
    if (begun?.value.start === start) epochs.push({ sink: name, epoch: begun.number, start: begun.value });
  }
  return epochs;
}

async function planSource(source: SourceName, look: Look, stage: Stage): Promise<void> {
  const head = await stage.archive.head(source);
  if (head !== undefined) look.answered.set(source, head.collectedAt);
  const target = look.configured.get(source);
  if (target !== undefined) await planCollect(target, head, look, stage);
  else if (!source.startsWith('muster/')) {
    look.troubles.set(source, {
      state: 'left',
      message: `${whyLeft(source, look)}: its history stays, nothing is collected`,
      since: leftSince(head),
    });
  }
  for (const epoch of look.epochs) await planDelivery(epoch, source, head, look, stage);
}

/** What cannot be read of one source holds that source, loudly, and no other. */
function hold(source: SourceName, error: unknown, look: Look, stage: Stage, since?: string): void {
  if (!(error instanceof Fault)) throw error;
  stage.observe({ kind: 'held', subject: source, reason: error.message });
  const trouble = { state: 'held' as const, fault: error.kind, message: error.message };
  look.troubles.set(source, { ...trouble, since: since ?? formatInstant(look.now) });
}

function whyLeft(source: SourceName, { leftOut: reasons }: Look): string {
  return reasons.get(source.slice(0, source.lastIndexOf('/'))) ?? 'no longer in the config or in an organisation of it';
}

async function leftOut(stage: Stage, now: Instant): Promise<ReadonlyMap<string, string>> {
  const reasons = new Map<string, string>();
  for (const { organization, list } of await memberLists(stage)) {
    for (const member of list?.members ?? []) {
      const why = whyNot(organization, member, now);
      if (why !== undefined) reasons.set(`${organization.provider}/${member.id}`, why);
    }
  }
  return reasons;
}

/** Deterministic, so that health does not differ at every look. */
function leftSince(head: ReportEntry | undefined): string {
  return formatInstant(head?.collectedAt ?? 0);
}

async function planCollect(
  target: ConfiguredSource,
  head: ReportEntry | undefined,
  look: Look,
  stage: Stage,
): Promise<void> {
  await stage.archive.seen(target.source, look.now);
  const quarantined = look.quarantined.get(target.source) ?? [];
  const isNewer = ({ generatedAt }: Quarantined) => generatedAt > (head?.generatedAt ?? 0);
  const waiting = quarantined.filter((one) => one.decision === undefined && isNewer(one));
  await noteTrouble(target, head, waiting, look, stage);
  if (stage.kind(target.source)?.collectable === false) return; // a person brings it
  const newest = newestKnown(head, quarantined); // a rejected one counts: the cloud has no newer report yet
  if (newest === undefined) {
    look.headless.push(target.source);
    return;
  }
  const due = dueAt(target.source, newest, target.everyMs);
  if (due >= look.now + stage.tickMs) return;
  if (!isOurs(target.source, stage)) return;
  look.due += 1;
  await stage.enqueue(collectJob(target.source, formatInstant(due)), Math.max(due, look.now));
}

/** Sources without a report do not all ask in the same second. */
async function planColdStarts(look: Look, stage: Stage): Promise<void> {
  const order = look.headless.filter((source) => isOurs(source, stage)).toSorted();
  for (const [position, source] of order.entries()) {
    look.due += 1;
    await stage.enqueue(collectJob(source, 'first'), coldStartAt(look.now, position, order.length, stage.tickMs));
  }
}

function isOurs(source: SourceName, { duties }: Stage): boolean {
  return collectsFrom(duties, splitSource(source).provider);
}

function collectJob(source: SourceName, due: string): Job {
  return { name: 'collect', source, due, attempt: 0 };
}

async function noteTrouble(
  target: ConfiguredSource,
  head: ReportEntry | undefined,
  waiting: readonly Quarantined[],
  look: Look,
  stage: Stage,
): Promise<void> {
  const state = await stage.archive.series<JobState>(sourceState(target.source)).latest();
  const trouble = troubleOf(state?.value) ?? quarantineTrouble(waiting) ?? (await latenessOf(target, head, stage));
  if (trouble !== undefined) look.troubles.set(target.source, trouble);
}

function quarantineTrouble(waiting: readonly Quarantined[]): Trouble | undefined {
  const newest = waiting.at(-1);
  return (
    newest && {
      state: 'quarantined',
      message: `report ${newest.id}: ${newest.reason}`,
      since: formatInstant(newest.collectedAt),
    }
  );
}

async function planDelivery(
  epoch: SinkEpoch,
  source: SourceName,
  head: ReportEntry | undefined,
  look: Look,
  stage: Stage,
): Promise<void> {
  try {
    const cursor = await stage.archive.cursor(epoch, source, head);
    if (head === undefined || cursor >= head.number) return;
    look.behind += 1;
    const { value: state } = (await stage.archive.series<JobState>(deliveryState(epoch.sink, source)).latest()) ?? {};
    if (state?.state === 'failing')
      look.troubles.set(source, { ...troubleOf(state), state: 'held', message: state.message, since: state.since });
    if (!stage.duties.delivers) return;
    await stage.enqueue({ name: 'deliver', sink: epoch.sink, source, upTo: head.number, attempt: 0 }, look.now);
  } catch (error) {
    hold(source, error, look, stage, formatInstant(head?.collectedAt ?? 0));
  }
}

async function healthOf(look: Look, stage: Stage) {
  const sinks: Record<string, Trouble> = {};
  for (const { sink } of look.epochs) {
    const state = await stage.archive.series<JobState>(sinkState(sink)).latest();
    const trouble = troubleOf(state?.value);
    if (trouble !== undefined) sinks[sink] = trouble;
  }
  return {
    version: 1 as const,
    sinks,
    ...(await withOrganizations(stage, look.configured.values(), look.troubles, look.answered)),
  };
}
