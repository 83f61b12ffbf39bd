import type { Archive, JobState } from '../archive/port.ts';
import type { Fault } from '../domain/fault.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { shortHash } from '../kit/short-hash.ts';

/** Segments of the series that hold the state of a source or of a sink. */
export function sourceState(source: string): readonly string[] {
  return ['state', 'sources', ...source.split('/')];
}

export function sinkState(sink: string): readonly string[] {
  return ['state', 'sinks', sink];
}

/** Of what the archive holds for this pair: a report that cannot be read is the source's trouble, not the sink's. */
export function deliveryState(sink: string, source: string): readonly string[] {
  return ['state', 'deliveries', sink, ...source.split('/')];
}

/** A sink that one source's events made fail is well again when that source gets through, not when another does. */
export async function noteSinkOk(archive: Archive, sink: string, source: string, now: Instant): Promise<void> {
  const latest = await archive.series<JobState>(sinkState(sink)).latest();
  if (latest?.value.about === undefined || latest.value.about === source) await noteOk(archive, sinkState(sink), now);
}

export async function noteSinkFault(
  archive: Archive,
  sink: string,
  source: string,
  fault: Fault,
  now: Instant,
): Promise<void> {
  await note(archive, sinkState(sink), { ...failing(fault, now), about: source });
}

export function organizationState({ provider, name }: { readonly provider: string; readonly name: string }) {
  return ['state', 'organizations', provider, name];
}

/** Filed only when it says something that this trouble did not say yet, so that a long outage is a few objects; `since` stays its beginning. */
export async function noteFault(
  archive: Archive,
  segments: readonly string[],
  fault: Fault,
  now: Instant,
): Promise<void> {
  await note(archive, segments, failing(fault, now));
}

function failing(fault: Fault, now: Instant): JobState {
  return { state: 'failing', fault: fault.kind, message: fault.message, since: formatInstant(now) };
}

export async function noteOk(archive: Archive, segments: readonly string[], now: Instant): Promise<void> {
  await note(archive, segments, { state: 'ok', message: '', since: formatInstant(now) });
}

/** Nothing failed, but what was told is not believed. */
export async function noteHeld(
  archive: Archive,
  segments: readonly string[],
  message: string,
  now: Instant,
): Promise<void> {
  await note(archive, segments, { state: 'held', message, since: formatInstant(now) });
}

async function note(archive: Archive, segments: readonly string[], next: JobState): Promise<void> {
  const series = archive.series<JobState>(segments);
  const latest = await series.latest();
  const present: JobState = latest?.value ?? { state: 'ok', message: '', since: next.since };
  const isSameKind = present.state === next.state && present.fault === next.fault;
  const said = isSameKind ? saidIn(present) : [];
  if (isSameKind && (present.about !== next.about || said.includes(digestOf(next.message)))) return;
  const value = isSameKind ? { ...next, since: present.since, said: said.slice(-MOST_SAID) } : next;
  await series.append(value, latest?.number ?? 0); // losing the race means that somebody else just said it
}

/** One trouble may be told in turns: by each of a few hosts, or by whoever gives up first. */
const MOST_SAID = 20;

function saidIn({ said = [], message }: JobState): readonly string[] {
  return [...said, digestOf(message)];
}

/** Times, waits and the ids of requests are new in every message; what it says may be what it said before. A status counts. */
const VARIES = /\d{4}-\d\d-\d\d[T ][\d:.]+Z?|(?<![\w-])(?=[\w-]*\d)[\w-]{16,}|(?<!status )\b\d+(?:\.\d+)?/g;

/** The same for messages that say the same. */
function digestOf(message: string): string {
  return shortHash(message.replace(VARIES, '#'));
}
