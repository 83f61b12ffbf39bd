import type { Health, Trouble } from '../domain/health.ts';
import { type Instant, parseInstant } from '../domain/instant.ts';

const FEWEST = 3;

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
}

export interface Folded {
  readonly organizations: Readonly<Record<string, Trouble>>;
  readonly sources: Readonly<Record<string, Trouble>>;
}

/** One alert for one cause: what half of an organisation's members suffer from alike is the organisation's trouble. */
export function foldCommonCauses({ members, organizations, sources, answered, told }: CommonCause): Folded {
  const left = new Map(sources);
  const found = new Map(organizations);
  for (const [name, own] of members) {
    const group = largestGroup(own, left);
    const alike = isTold(group, told?.organizations?.[name], left)
      ? group
      : common(group, own, left, answered ?? new Map());
    const suffers = found.get(name);
    const isFailing = suffers?.state === 'failing';
    if (!isFailing && alike.length > 0) found.set(name, both(suffers, inWords(alike, own.length, left)));
    // Members that nobody could reach become late by and by: that is the same outage.
    const late = own.filter((source) => left.get(source)?.state === 'late');
    const present = found.get(name);
    const isOut = isFailing || (present !== undefined && passes(present));
    const folded = [...(isFailing ? [] : alike), ...(isOut ? late : [])];
    for (const source of folded) {
      const before = told?.sources[source]; // an outage of all mends nobody: what was told of one stands
      if (before === undefined) left.delete(source);
      else left.set(source, before);
    }
  }
  return { organizations: Object.fromEntries(found), sources: Object.fromEntries(left) };
}

/** What was told as one stays one while it passes: members come back one by one. */
function isTold(
  group: readonly string[],
  before: Trouble | undefined,
  troubles: ReadonlyMap<string, Trouble>,
): boolean {
  const trouble = troubles.get(group[0] ?? '');
  if (group.length < FEWEST || trouble === undefined || !passes(trouble)) return false;
  return before?.state === trouble.state && before.fault === trouble.fault;
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
