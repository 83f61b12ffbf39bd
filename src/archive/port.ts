import type { Attempt } from '../domain/attempt.ts';
import type { FaultKind } from '../domain/fault.ts';
import type { Instant } from '../domain/instant.ts';
import type { SinkName, SourceName } from '../domain/names.ts';
import type { Origin, Part, Parts, ReportEntry } from '../domain/report.ts';

/** A report that has passed the guard and wants a number, or one that did not and goes to quarantine. */
export interface Draft {
  readonly generatedAt: Instant;
  readonly collectedAt: Instant;
  readonly origin: Origin;
  readonly rows: number;
  readonly columns: number;
  readonly parts: readonly Part[];
  readonly requestIds: readonly string[];
  readonly cut: readonly string[];
  readonly muster: string;
  /** Only quarantine keeps these two: a report of the chain has them in its context. */
  readonly notVisible?: readonly string[];
  readonly cloudName?: string;
}

export type Appended =
  | { readonly kind: 'appended'; readonly entry: ReportEntry }
  /** Somebody else has the number, or the head is not the one that the draft was judged against. */
  | { readonly kind: 'raced'; readonly head: ReportEntry };

export interface Quarantined {
  /** `<generatedAt compact>-<digest12>`: names it on the command line. */
  readonly id: string;
  readonly source: SourceName;
  readonly generatedAt: Instant;
  readonly collectedAt: Instant;
  readonly reason: string;
  readonly muster: string;
  readonly rows: number;
  readonly columns: number;
  readonly origin: Origin;
  readonly requestIds: readonly string[];
  readonly cut: readonly string[];
  readonly notVisible?: readonly string[];
  readonly cloudName?: string;
  /** Undefined while nobody decided. */
  readonly decision?: Decision;
}

/** `superseded`: a newer report made the question moot. */
export type Decision = 'accepted' | 'rejected' | 'superseded';

export interface SinkStart {
  /** As the config says it: `now`, `all`, or a date. */
  readonly start: string;
  readonly at: string;
  /** What the sink was pointed at then; a change of it alone does not move cursors. */
  readonly target: string;
}

/** A sink, and which of its starts is in force: receipts of different starts never mix. */
export interface SinkEpoch {
  readonly sink: SinkName;
  readonly epoch: number;
  readonly start: SinkStart;
}

export interface Receipt {
  readonly number: number;
  readonly manifest: string;
  readonly delivered_at: string;
  readonly events: number;
  readonly rejected: number;
}

export interface DeadLetter {
  readonly id: string;
  readonly sink: SinkName;
  readonly source: SourceName;
  readonly number: number;
  readonly event_id: string;
  readonly reason: string;
  readonly rejected_at: string;
  /** What was sent, as it was encoded. */
  readonly payload: string;
}

/** The newest of a numbered series is the present. The same code as the chain: create-if-absent, gallop. */
export interface Series<T> {
  latest(): Promise<{ readonly number: number; readonly value: T } | undefined>;
  /** False when somebody else took the number: read the latest again and decide anew. */
  append(value: T, after: number): Promise<boolean>;
  all(): AsyncIterable<{ readonly number: number; readonly value: T }>;
}

/** The state of a source or a sink as its last job left it. */
export interface JobState {
  readonly state: 'ok' | 'failing' | 'held';
  readonly fault?: FaultKind;
  readonly message: string;
  readonly since: string;
  /** Of a sink: the source whose delivery failed, and whose delivery mends it. */
  readonly about?: string;
  /** What the same trouble said before this message, as digests: none of it is filed again. */
  readonly said?: readonly string[];
}

export interface Archive {
  readonly name: string;

  head(source: SourceName): Promise<ReportEntry | undefined>;
  entry(source: SourceName, number: number): Promise<ReportEntry | undefined>;
  /** Bytes of the parts (all, or those named), each checked against its digest; a Fault `malformed` names the object that is damaged or lost. */
  parts(entry: ReportEntry, names?: readonly string[]): Promise<Parts>;
  /** `head` is the one that the draft was judged against. */
  append(source: SourceName, draft: Draft, head: ReportEntry | undefined): Promise<Appended>;

  /** Every source ever seen, departed ones too. Like `quarantined`, it passes over what cannot be read, and names it to `onDamage`. */
  sources(): Promise<readonly SourceName[]>;
  /** Registers a source; free when it is known. */
  seen(source: SourceName, at: Instant): Promise<void>;
  /** When it was registered. */
  firstSeen(source: SourceName): Promise<Instant | undefined>;

  quarantine(source: SourceName, draft: Draft, reason: string): Promise<Quarantined>;
  /** Undecided and decided ones, oldest first; of one source, or of all. */
  quarantined(source?: SourceName): Promise<readonly Quarantined[]>;
  quarantinedParts(quarantined: Quarantined): Promise<Parts>;
  decide(quarantined: Quarantined, decision: Decision, at: Instant): Promise<void>;

  /** The attempt under way at this report; a new one when there is none, when it was given up, or when it began longer ago than attempts last: an hour, if nothing else is said. */
  attempt(source: SourceName, number: number, at: Instant, lastsMs?: number): Promise<Attempt>;
  /** Says that these bytes are about to be parsed; resolves to how many times that was said and never finished, this time included. */
  announceParse(source: SourceName, sha256: string, muster: string, at: Instant): Promise<number>;
  parsed(source: SourceName, sha256: string, muster: string): Promise<void>;

  /** The start in force; the first plan that sees the sink (or a new `start`) makes it. */
  sinkEpoch(sink: SinkName, start: string, target: string, at: Instant): Promise<SinkEpoch>;
  /** The highest report that the sink has whole; 0 when none. A Fault `misconfigured` when it is past the head. */
  cursor(epoch: SinkEpoch, source: SourceName, head: ReportEntry | undefined): Promise<number>;
  receive(epoch: SinkEpoch, entry: ReportEntry, receipt: Receipt): Promise<void>;

  deadLetter(letter: Omit<DeadLetter, 'id'>): Promise<void>;
  /** Those that nobody retried or dropped yet. */
  deadLetters(sink?: SinkName): AsyncIterable<DeadLetter>;
  /** How many those are; none is read. */
  deadLetterCount(sink: SinkName): Promise<number>;
  settle(letter: DeadLetter, how: 'retried' | 'dropped', at: Instant): Promise<void>;

  /** Segments are safe names, as in `['state', 'aws', '123456789012', 'credential-report']`. */
  series<T>(segments: readonly string[]): Series<T>;
  close(): void;
}
