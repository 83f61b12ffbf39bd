import type { Trouble } from '../domain/health.ts';

const FEWEST = 3;

export interface CommonCause {
  /** By `aws/main`: the sources of its members. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  /** What the organisations themselves suffer from. */
  readonly organizations: ReadonlyMap<string, Trouble>;
  readonly sources: ReadonlyMap<string, Trouble>;
}

export interface Folded {
  readonly organizations: Readonly<Record<string, Trouble>>;
  readonly sources: Readonly<Record<string, Trouble>>;
}

/** One alert for one cause: what half of an organisation's members suffer from alike is the organisation's trouble. */
export function foldCommonCauses({ members, organizations, sources }: CommonCause): Folded {
  const left = new Map(sources);
  const found = new Map(organizations);
  for (const [name, own] of members) {
    const alike = largestGroup(own, left);
    const limit = Math.max(FEWEST, own.length / 2);
    const suffers = found.get(name);
    const isFailing = suffers?.state === 'failing';
    if (!isFailing && alike.length >= limit) found.set(name, both(suffers, told(alike, own.length, left)));
    // Members that nobody could reach become late by and by: that is the same outage.
    const folded = isFailing ? own.filter((source) => left.get(source)?.state === 'late') : alike;
    if (isFailing || alike.length >= limit) for (const source of folded) left.delete(source);
  }
  return { organizations: Object.fromEntries(found), sources: Object.fromEntries(left) };
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

function told(alike: readonly string[], of: number, troubles: ReadonlyMap<string, Trouble>): Trouble {
  const [first] = alike.map((source) => ({ source, trouble: troubles.get(source) }));
  if (first?.trouble === undefined) throw new TypeError('a group has members'); // by its making
  const since = alike.map((source) => troubles.get(source)?.since ?? '').toSorted()[0] ?? '';
  const { state, fault } = first.trouble;
  const message = `${alike.length} of ${of} members alike, such as ${first.source}: ${first.trouble.message}`;
  return { state, ...(fault === undefined ? {} : { fault }), message, since };
}
