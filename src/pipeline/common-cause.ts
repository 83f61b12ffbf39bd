import type { Health, Trouble } from '../domain/health.ts';
import { formatInstant, type Instant, parseInstant } from '../domain/instant.ts';

const FEWEST = 3;
/** Retries are ten minutes apart at most: whoever is not back by then has a trouble of its own. */
const BACKLOG_MS = 60 * 60_000;

export interface CommonCause {
  /** By `aws/main`: the sources of its members. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  /** What the organisations themselves suffer from. */
  readonly organizations: ReadonlyMap<string, Trouble>;
  readonly sources: ReadonlyMap<string, Trouble>;
  /** By source: when it was last collected. */
  readonly answered?: ReadonlyMap<string, Instant>;
  /** What was told last. */
  readonly told?: Pick<Health, 'organizations' | 'sources'>;
  readonly now: Instant;
}

export interface Folded {
  readonly organizations: Readonly<Record<string, Trouble>>;
  readonly sources: Readonly<Record<string, Trouble>>;
}

/** One alert for one cause: what half of an organisation's members suffer from alike is the organisation's trouble. */
export function foldCommonCauses(cause: CommonCause): Folded {
  const left = new Map(cause.sources);
  const found = new Map(cause.organizations);
  for (const [name, own] of cause.members) {
    const folded = foldOne({ name, own, left, found }, cause);
    for (const source of folded) {
      const before = cause.told?.sources[source]; // an outage of all mends nobody: what was told of one stands
      if (before === undefined) left.delete(source);
      else left.set(source, before);
    }
  }
  return { organizations: Object.fromEntries(found), sources: Object.fromEntries(left) };
}

interface Fold {
  readonly name: string;
  readonly own: readonly string[];
  readonly left: ReadonlyMap<string, Trouble>;
  readonly found: Map<string, Trouble>;
}

/** The members whose trouble is that of their organisation, which is noted. */
function foldOne({ name, own, left, found }: Fold, { answered, told, now }: CommonCause): readonly string[] {
  const suffers = found.get(name);
  // Members that nobody could reach become late by and by: that is the same outage.
  const late = own.filter((source) => left.get(source)?.state === 'late');
  if (suffers?.state === 'failing') return late;
  const before = told?.organizations?.[name];
  const stillOut = stillAlike(own, before, left);
  const alike = stillOut.length > 0 ? stillOut : common(largestGroup(own, left), own, left, answered ?? new Map());
  const isLate = left.get(alike[0] ?? '')?.state === 'late';
  if (alike.length === 0 || (isLate && before?.state === 'failing')) {
    const back = comingBack(own, before, left, told);
    const over = before?.over ?? formatInstant(now);
    if (before !== undefined && back.length > 0 && now < (parseInstant(over) ?? 0) + BACKLOG_MS) {
      const message = `over since ${over}, and ${back.length} of ${own.length} members are not back yet`;
      found.set(name, both(suffers, { ...before, message, over }));
      return back;
    }
  }
  if (alike.length === 0) return [];
  const shared = inWords(alike, own.length, left);
  found.set(name, both(suffers, shared));
  return passes(shared) ? [...alike, ...late] : alike;
}

/** What was told as one stays one while it passes: members come back one by one. */
function stillAlike(
  own: readonly string[],
  before: Trouble | undefined,
  troubles: ReadonlyMap<string, Trouble>,
): readonly string[] {
  if (before === undefined || !passes(before)) return [];
  const group = own.filter((source) => isAlike(troubles.get(source), before)).toSorted();
  return group.length < FEWEST ? [] : group;
}

/** Members that an outage has left behind, and of which nothing else was told. The last ones of many are no causes of their own. */
function comingBack(
  own: readonly string[],
  before: Trouble | undefined,
  troubles: ReadonlyMap<string, Trouble>,
  told: CommonCause['told'],
): readonly string[] {
  if (before?.state !== 'failing' && before?.state !== 'late') return [];
  return own.filter((source) => {
    const trouble = troubles.get(source);
    return told?.sources[source] === undefined && (trouble?.state === 'late' || isAlike(trouble, before));
  });
}

function isAlike(trouble: Trouble | undefined, other: Trouble): boolean {
  return trouble?.state === other.state && trouble.fault === other.fault;
}

/**
 * Those of a group that share a cause; none when there is none. Half of all members do. So do, where the fault is one that passes, at least as
 * many as were collected since the first of them failed: an outage is seen before everybody has met it.
 */
function common(
  group: readonly string[],
  own: readonly string[],
  troubles: ReadonlyMap<string, Trouble>,
  answered: ReadonlyMap<string, Instant>,
): readonly string[] {
  if (group.length >= Math.max(FEWEST, own.length / 2)) return group;
  const trouble = troubles.get(group[0] ?? '');
  if (trouble === undefined || !passes(trouble)) return [];
  const sinceOf = (source: string) => parseInstant(troubles.get(source)?.since ?? '') ?? 0;
  const newestFirst = group.toSorted((a, b) => sinceOf(b) - sinceOf(a));
  for (let count = newestFirst.length; count >= FEWEST; count -= 1) {
    const began = sinceOf(newestFirst[count - 1] ?? '');
    const collected = own.filter((source) => (answered.get(source) ?? 0) > began).length;
    if (count >= collected) return newestFirst.slice(0, count).toSorted();
  }
  return [];
}

function passes({ state, fault }: Trouble): boolean {
  return state === 'failing' && (fault === 'unreachable' || fault === 'throttled');
}

/** What an organisation is held for stays said. */
function both(own: Trouble | undefined, shared: Trouble): Trouble {
  return own === undefined ? shared : { ...own, message: `${own.message}; and ${shared.message}` };
}

function largestGroup(own: readonly string[], troubles: ReadonlyMap<string, Trouble>): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const source of own.toSorted()) {
    const trouble = troubles.get(source);
    if (trouble?.state !== 'failing' && trouble?.state !== 'late') continue;
    const cause = `${trouble.state} ${trouble.fault ?? ''}`;
    groups.set(cause, [...(groups.get(cause) ?? []), source]);
  }
  return [...groups.values()].reduce((largest, group) => (group.length > largest.length ? group : largest), []);
}

function inWords(alike: readonly string[], of: number, troubles: ReadonlyMap<string, Trouble>): Trouble {
  const [first] = alike.map((source) => ({ source, trouble: troubles.get(source) }));
  if (first?.trouble === undefined) throw new TypeError('a group has members'); // by its making
  const since = alike.map((source) => troubles.get(source)?.since ?? '').toSorted()[0] ?? '';
  const { state, fault } = first.trouble;
  const message = `${alike.length} of ${of} members alike, such as ${first.source}: ${first.trouble.message}`;
  return { state, ...(fault === undefined ? {} : { fault }), message, since };
}
