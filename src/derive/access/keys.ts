import type { AccessIdentity, KeyUse, KeyUseKind } from '../../domain/access.ts';
import type { Instant } from '../../domain/instant.ts';
import { type Field, valueOf } from '../../domain/record.ts';
import { networkOf } from '../../kit/network-of.ts';
import { atOnce, eachOf, mapped, type Steps } from '../../kit/steps.ts';

/** What a key can be new in. */
export const DIMENSIONS = ['services', 'regions', 'networks', 'addresses'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** When a value of a dimension was seen, as far as is told. */
interface Seen {
  readonly first: Instant | undefined;
  readonly last: Instant;
  /** Some row tells a first use: what is listed has a past, and not only a last use. */
  readonly hasFirst: boolean;
}

export interface KeyUses {
  readonly owner: AccessIdentity;
  readonly key: KeyUse['key'];
  /** The row of the key as a whole; left out by a report that has none. */
  readonly whole: KeyUse | undefined;
  readonly lastUsedAt: Field<Instant>;
  /** Rows that name something, by service; those that tell no service stand under the empty one. */
  readonly services: ReadonlyMap<string, readonly KeyUse[]>;
  readonly seen: Readonly<Record<Dimension, ReadonlyMap<string, Seen>>>;
  /** Lists that are not all of it: what they do not name is not told. */
  readonly partial: ReadonlySet<KeyUseKind>;
}

interface Group {
  readonly first: KeyUse;
  readonly rows: KeyUse[];
}

/** The rows of a key audit by key; their order takes no part. */
export function keysIn(rows: readonly KeyUse[]): readonly KeyUses[] {
  return atOnce(groupingKeys(rows));
}

/** The same in steps; whoever asks after them has it at once. */
export function* groupingKeys(rows: readonly KeyUse[]): Steps<readonly KeyUses[]> {
  const known = groupedOf.get(rows) ?? (yield* grouped(rows));
  groupedOf.set(rows, known);
  return known;
}

/** Checks, changes and events ask for the same rows again and again, and there may be hundreds of thousands. */
const groupedOf = new WeakMap<readonly KeyUse[], readonly KeyUses[]>();

function* grouped(rows: readonly KeyUse[]): Steps<readonly KeyUses[]> {
  const groups = new Map<string, Group>();
  yield* eachOf(rows, (row) => {
    const group = groups.get(row.key.id) ?? { first: row, rows: [] };
    groups.set(row.key.id, group);
    group.rows.push(row);
  });
  return yield* mapped(groups.values(), ({ first, rows }) => {
    const whole = rows.find(({ what }) => what === 'key');
    return keyUses(whole ?? first, whole, rows);
  });
}

function keyUses({ owner, key }: KeyUse, whole: KeyUse | undefined, rows: readonly KeyUse[]): KeyUses {
  const named = rows.filter((row) => row.what !== 'key' && !isGap(row));
  return {
    owner,
    key,
    whole,
    lastUsedAt: lastUseOf(whole, named),
    services: byService(named),
    seen: {
      services: seenIn(named, ({ service }) => service),
      // A row's region is that of its last use: its first one may have been elsewhere.
      regions: seenIn(
        whole === undefined ? named : [whole, ...named],
        ({ region }) => valueOf(region),
        ({ lastUsedAt }) => lastUsedAt,
      ),
      networks: seenIn(named, ({ what, name }) => (what === 'address' ? networkOf(name) : undefined)),
      addresses: seenIn(named, ({ what, name }) => (what === 'address' ? name : undefined)),
    },
    partial: new Set(rows.filter(isGap).map(({ what }) => what)),
  };
}

/** Whether a list that this dimension is read from was not told to its end. */
export function isPartial({ partial }: KeyUses, dimension: Dimension): boolean {
  switch (dimension) {
    // Without events each service still tells the region of its last use.
    case 'services':
    case 'regions':
      return partial.has('service');
    case 'networks':
    case 'addresses':
      return partial.has('address');
  }
}

/** A row that names nothing: its list could not be read to its end. */
function isGap({ what, service, name }: KeyUse): boolean {
  return what !== 'key' && name === '' && (what !== 'service' || service === '');
}

function lastUseOf(whole: KeyUse | undefined, named: readonly KeyUse[]): Field<Instant> {
  const uses = [...(whole === undefined ? [] : [whole]), ...named].flatMap(({ lastUsedAt }) =>
    'value' in lastUsedAt ? [lastUsedAt.value] : [],
  );
  if (uses.length > 0) return { value: uses.reduce((one, other) => Math.max(one, other)) };
  return whole?.lastUsedAt ?? { reason: 'unknown' };
}

function byService(named: readonly KeyUse[]): ReadonlyMap<string, readonly KeyUse[]> {
  const services = new Map<string, KeyUse[]>();
  for (const row of named) {
    const list = services.get(row.service) ?? [];
    services.set(row.service, list);
    list.push(row);
  }
  return new Map([...services].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Only what was used counts as seen. */
function seenIn(
  rows: readonly KeyUse[],
  nameOf: (row: KeyUse) => string | undefined,
  beginOf = ({ firstUsedAt }: KeyUse) => firstUsedAt,
): ReadonlyMap<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const row of rows) {
    const [name, last] = [nameOf(row), valueOf(row.lastUsedAt)];
    if (name === undefined || name === '' || last === undefined) continue;
    const before = seen.get(name);
    const first = valueOf(beginOf(row));
    seen.set(name, {
      first: earlier(first, before?.first),
      last: Math.max(last, before?.last ?? last),
      hasFirst: 'value' in row.firstUsedAt || before?.hasFirst === true,
    });
  }
  return seen;
}

function earlier(one: Instant | undefined, other: Instant | undefined): Instant | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}
