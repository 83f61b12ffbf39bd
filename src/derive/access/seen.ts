import type { AccessIdentity } from '../../domain/access.ts';
import { formatInstant, type Instant, parseInstant } from '../../domain/instant.ts';
import { valueOf } from '../../domain/record.ts';
import type { Parts } from '../../domain/report.ts';
import type { Steps } from '../../kit/steps.ts';
import { decidedPart } from '../decided-part.ts';
import type { Dimension } from './keys.ts';

/** What was ever seen in use: decided at collection and kept with the report, so that what comes and goes is new only once. Frozen. */
export const ACCESS_SEEN_PART = 'access-seen.json';

/** Longer than any cloud remembers: what was not told for so long is forgotten. */
const FORGET_MS = 400 * 86_400_000;

/** Of a service that an identity may use. */
export interface SeenService {
  /** generatedAt of the first report that told of the grant; left out when nobody knows how long it was there. */
  readonly since?: string;
  /** Its actions were told one by one. */
  readonly actions?: true;
}

interface Subject {
  /** generatedAt of the last report that told of it. */
  readonly at: string;
  /** Its creation in milliseconds, where it was told. */
  readonly created?: number;
}

export interface SeenIdentity extends Subject {
  /** Services and `service action` that were used. */
  readonly used: readonly string[];
  /** Those of which no report has told yet whether they were. */
  readonly untold: readonly string[];
  readonly services: Readonly<Record<string, SeenService>>;
  /** No report has told all of it yet. */
  readonly partial?: true;
}

export interface SeenKey extends Subject, Readonly<Record<Dimension, readonly string[]>> {
  readonly owner: string;
  /** The last report that told said that it was never used. */
  readonly never?: true;
  /** No report has told all of these yet. */
  readonly partial?: readonly Dimension[];
  /** generatedAt of the last report that told all of these, where the last that told of the key did not. */
  readonly whole?: Readonly<Partial<Record<Dimension, string>>>;
  /** More was seen than is kept. */
  readonly cut?: readonly Dimension[];
}

export interface AccessSeen {
  readonly version: 1;
  readonly identities?: Readonly<Record<string, SeenIdentity>>;
  readonly keys?: Readonly<Record<string, SeenKey>>;
}

export function seenIn(parts: Parts): Steps<AccessSeen | undefined> {
  return decidedPart(parts, ACCESS_SEEN_PART);
}

/** What was seen of this one; undefined when the name was given anew since. */
export function sameSubject<T extends Subject>(
  seen: Readonly<Record<string, T>> | undefined,
  name: string,
  createdAt: AccessIdentity['createdAt'],
): T | undefined {
  const one = seen !== undefined && Object.hasOwn(seen, name) ? seen[name] : undefined;
  const created = valueOf(createdAt);
  const isOther = one?.created !== undefined && created !== undefined && one.created !== created;
  return isOther ? undefined : one;
}

/** Those that this report tells of, and those of which the last report that told is not too old. */
export function remembered<T extends Subject>(
  old: Readonly<Record<string, T>> | undefined,
  now: ReadonlyMap<string, T>,
  generatedAt: Instant,
): Readonly<Record<string, T>> {
  const kept = Object.entries(old ?? {}).filter(
    ([name, { at }]) => !now.has(name) && (parseInstant(at) ?? 0) > generatedAt - FORGET_MS,
  );
  return Object.fromEntries([...kept, ...now].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function subjectOf(
  createdAt: AccessIdentity['createdAt'],
  generatedAt: Instant,
  old: Subject | undefined,
): Subject {
  const created = valueOf(createdAt) ?? old?.created;
  return { at: formatInstant(generatedAt), ...(created === undefined ? {} : { created }) };
}
