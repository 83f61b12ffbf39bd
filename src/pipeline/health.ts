import type { JobState } from '../archive/port.ts';
import { HEALTH_KIND, HEALTH_PART, type Health, type Trouble } from '../domain/health.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { type SourceName, sourceName, splitSource } from '../domain/names.ts';
import type { ReportEntry } from '../domain/report.ts';
import { jsonPart } from './json-part.ts';
import { fileOwn } from './own-source.ts';
import type { ConfiguredSource, Stage } from './stage.ts';

type Troubles = Readonly<Record<string, Trouble>>;

/** A first report may take long: a large account that is put together call by call. */
const PATIENCE_MS = 60 * 60_000;
const PATIENT_TICKS = 3;
const NO_TROUBLE: Health = { version: 1, sources: {}, sinks: {} };

export function healthSource(deployment: string): SourceName {
  return sourceName({ provider: 'muster', accountId: deployment, kind: HEALTH_KIND });
}

/** What the last job of a source or sink left, as a trouble; undefined when it is well. */
export function troubleOf(state: JobState | undefined): Trouble | undefined {
  if (state === undefined || state.state === 'ok') return undefined;
  return {
    state: state.state,
    ...(state.fault === undefined ? {} : { fault: state.fault }),
    message: state.message,
    since: state.since,
  };
}

/** Files the state of everything when it differs from the newest filed: health is a source like any other. */
export async function fileHealth(stage: Stage, health: Health): Promise<void> {
  const source = healthSource(stage.deployment);
  const head = await stage.archive.head(source);
  const filed = head === undefined ? NO_TROUBLE : await filedHealth(stage, head);
  const present = sorted(withKnownSince(health, filed));
  if (JSON.stringify(sorted(filed)) === JSON.stringify(present)) return;
  const rows = [present.sources, present.sinks, present.organizations ?? {}].flatMap(Object.keys).length;
  await fileOwn(stage, source, head, { part: jsonPart(HEALTH_PART, present), rows, everyMs: stage.tickMs });
}

/** What was filed last. */
export async function newestHealth(stage: Stage): Promise<Health> {
  const head = await stage.archive.head(healthSource(stage.deployment));
  return head === undefined ? NO_TROUBLE : filedHealth(stage, head);
}

/** What is as it was keeps the moment at which it was first seen. */
function withKnownSince(health: Health, filed: Health): Health {
  const keepSince = (present: Troubles, known: Troubles): Troubles =>
    Object.fromEntries(
      Object.entries(present).map(([name, trouble]) => {
        const before = known[name];
        const isSame =
          before?.state === trouble.state && before.fault === trouble.fault && before.message === trouble.message;
        return [name, isSame ? { ...trouble, since: before.since } : trouble];
      }),
    );
  return { ...health, sources: keepSince(health.sources, filed.sources) };
}

async function filedHealth(stage: Stage, head: ReportEntry): Promise<Health> {
  const bytes = (await stage.archive.parts(head, [HEALTH_PART])).get(HEALTH_PART);
  return bytes === undefined ? NO_TROUBLE : (JSON.parse(new TextDecoder().decode(bytes)) as Health); // our own part
}

function sorted(health: Health): Health {
  const byName = <T>(record: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const organizations = byName(health.organizations ?? {});
  return {
    version: 1,
    sources: byName(health.sources),
    sinks: byName(health.sinks),
    ...(Object.keys(organizations).length === 0 ? {} : { organizations }),
  };
}

/** A report is late, or never came, and nothing failed: then perhaps nobody asks for it. */
export async function latenessOf(
  { source, everyMs }: Pick<ConfiguredSource, 'source' | 'everyMs'>,
  head: ReportEntry | undefined,
  { archive, clock, kind, tickMs }: Pick<Stage, 'archive' | 'clock' | 'kind' | 'tickMs'>,
): Promise<Trouble | undefined> {
  const now = clock.now();
  if (head !== undefined) return lateTrouble(head, everyMs, now);
  if (kind(source)?.collectable === false) return undefined; // a person brings it, or does not yet
  const since = await archive.firstSeen(source);
  if (since === undefined || now <= since + Math.max(PATIENCE_MS, PATIENT_TICKS * tickMs)) return undefined;
  const { provider } = splitSource(source);
  return {
    state: 'late',
    message: `no report since it was first planned at ${formatInstant(since)}, and no fault: does a process collect ${provider} (muster run --only)?`,
    since: formatInstant(since),
  };
}

function lateTrouble(head: ReportEntry, everyMs: number, now: Instant): Trouble | undefined {
  if (now <= head.generatedAt + 2 * everyMs) return undefined;
  return {
    state: 'late',
    message: `the newest report is of ${formatInstant(head.generatedAt)}, more than two cadences old`,
    since: formatInstant(head.generatedAt + everyMs),
  };
}
