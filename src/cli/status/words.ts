import type { JobState } from '../../archive/port.ts';
import { type SourceName, splitSource } from '../../domain/names.ts';
import { byCause, causeOf, fewOf, NAMED, nameOfReport } from '../alike.ts';
import { lineOf, oldness, table } from '../text.ts';

export interface SourceStatus {
  readonly source: SourceName;
  readonly account: string;
  readonly head?: {
    readonly number: number;
    readonly generated_at: string;
    readonly collected_at: string;
    /** Of an audit of keys: keys. */
    readonly identities?: number;
    readonly keys?: number;
    readonly sha256: string;
  };
  readonly age_seconds?: number;
  readonly next_due?: string;
  readonly state: string;
  readonly fault?: string;
  readonly message?: string;
  readonly since?: string;
  readonly lag: Readonly<Record<string, number | string>>;
}

export interface SinkStatus extends JobState {
  readonly sink: string;
  readonly dead_letters: number;
}

export interface OrganizationStatus extends JobState {
  readonly organization: string;
  readonly members: number;
  readonly listed_at: string;
}

interface Status {
  readonly sources: readonly SourceStatus[];
  readonly sinks: readonly SinkStatus[];
  readonly organizations: readonly OrganizationStatus[];
  /** What is wrong with this machine's. */
  readonly clock?: string;
}

/** The table of sources, then what is wrong: one line for each trouble, however many sources have it. */
export function statusInWords({ sources, sinks, organizations, clock }: Status, isAll: boolean): string {
  const troubles = byCause(
    sources.filter(({ message }) => message !== undefined),
    causeOfSource,
  );
  const folded = new Set(isAll ? [] : troubles.filter(({ length }) => length > NAMED).flat());
  const rows = sources.filter((one) => !folded.has(one)).map(rowOf);
  return [
    table(['ACCOUNT', 'SOURCE', 'REPORT', 'AGE', 'NEXT DUE', 'STATE', 'LAG'], rows),
    ...(folded.size === 0
      ? []
      : [`${folded.size} sources that have a trouble in common are not listed; --all lists them\n`]),
    ...[
      ...(clock === undefined ? [] : [clock]),
      ...troubles.map(troubleInWords),
      ...sinks.flatMap(sinkInWords),
      ...organizations.map(organizationInWords),
    ].map((line) => `${lineOf(line)}\n`),
  ].join('');
}

function causeOfSource({ state, fault, message = '', account, source }: SourceStatus): string {
  const { provider, accountId: id } = splitSource(source);
  return `${provider} ${state} ${fault} ${causeOf(message, { name: account, id })}`;
}

function rowOf({ account, source, head, age_seconds: age, next_due: due, lag, ...one }: SourceStatus) {
  return [
    account,
    source,
    head === undefined ? '-' : String(head.number),
    age === undefined ? '-' : oldness(age * 1_000),
    due ?? '-',
    stateOf(one),
    Object.entries(lag)
      .map(([sink, reports]) => `${sink}:${reports}`)
      .join(' ') || '-',
  ];
}

function stateOf({ state, fault }: Pick<SourceStatus, 'state' | 'fault'>): string {
  return fault === undefined ? state : `${state} (${fault})`;
}

/** The newest that was said, and when the first of them began. */
function troubleInWords(alike: readonly SourceStatus[]): string {
  const [first] = alike;
  if (first === undefined) throw new TypeError('a group has members'); // by its making
  const since = alike.flatMap((one) => one.since ?? []).toSorted()[0];
  const message = alike.length > 1 ? first.message?.replace(/^account \S+: /, '') : first.message;
  const names = fewOf(alike.map(({ account, source }) => nameOfReport(account, source)));
  return `${names}: ${stateOf(first)}${since === undefined ? '' : ` since ${since}`}: ${message}`;
}

function sinkInWords({ sink, state, fault, message, since, dead_letters: letters }: SinkStatus): readonly string[] {
  const lines = state === 'ok' ? [] : [`sink ${sink}: ${state} (${fault}) since ${since}: ${message}`];
  if (letters === 0) return lines;
  const what = letters === 1 ? 'event was' : 'events were';
  return [...lines, `sink ${sink}: ${letters} ${what} refused for good: muster dead-letters list --sink ${sink}`];
}

function organizationInWords({ organization, members, listed_at: listed, ...one }: OrganizationStatus): string {
  if (one.state === 'ok') return `organization ${organization}: ${members} members, as listed at ${listed}`;
  return `organization ${organization}: ${one.state} since ${one.since}: ${one.message}`;
}
