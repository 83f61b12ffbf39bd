import type { Event } from '../../domain/event.ts';
import { type AccessChangeType } from '../../domain/event-types.ts';
import { formatInstant, type Instant, parseInstant } from '../../domain/instant.ts';
import { valueOf } from '../../domain/record.ts';
import { networkOf } from '../../kit/network-of.ts';
import { eachOf, mapped, type Steps } from '../../kit/steps.ts';
import { quoted, who } from '../message.ts';
import { eventOf, type Pair } from '../pair.ts';
import { PHRASES, severityOfAccess } from './change-types.ts';
import { identityKey } from './identities.ts';
import { DIMENSIONS, type Dimension, isPartial, type KeyUses, keysIn } from './keys.ts';
import { bounded, credentialOf, type Data, factsOf, identityOf } from './put.ts';
import { type AccessSeen, type SeenKey, sameSubject, seenIn } from './seen.ts';
import { seeKeys } from './seen-keys.ts';

/** A use may be told so long after it happened: as long as trails are asked for what came late. */
const LATE_MS = 6 * 60 * 60_000;

/** Where and for what a key was used that it never was before; nothing at a baseline. */
export function* keyChanges(pair: Pair): Steps<readonly Event[]> {
  const { previous, current } = pair;
  if (previous === undefined) return [];
  const since = previous.entry.generatedAt;
  const seen = (yield* seenIn(previous.parts)) ?? (yield* seeKeys(previous.parsed.keyUses ?? [], since, undefined));
  const owners = yield* ownersOf(seen);
  const changes = yield* mapped(keysIn(current.parsed.keyUses ?? []), (uses) => {
    const old = sameSubject(seen.keys, uses.key.id, uses.key.createdAt);
    const base: Base = { old, owner: owners.get(identityKey(uses.owner)), since };
    return newsOf(uses, base).map((news) => changeEvent(pair, uses, news));
  });
  return changes.flat();
}

type Lists = Readonly<Record<Dimension, ReadonlySet<string>>>;

interface Base {
  readonly old: SeenKey | undefined;
  /** What the owner's keys did, for a key without a past of its own: a rotation is no news. */
  readonly owner: Lists | undefined;
  readonly since: Instant;
}

interface News {
  readonly type: AccessChangeType;
  readonly dimension: Dimension;
  readonly values: readonly string[];
}

const TYPES: Readonly<Record<Dimension, AccessChangeType>> = {
  services: 'access_key.new_service',
  regions: 'access_key.new_region',
  networks: 'access_key.new_network',
  addresses: 'access_key.new_address',
};

/** One for each dimension. An address in a network that is new is told with the network. */
function newsOf(uses: KeyUses, base: Base): readonly News[] {
  const found = DIMENSIONS.map((dimension) => ({ dimension, values: newIn(uses, dimension, base) }));
  const networks = new Set(found.find(({ dimension }) => dimension === 'networks')?.values);
  return found
    .map(({ dimension, values }) => ({
      type: TYPES[dimension],
      dimension,
      values: dimension === 'addresses' ? values.filter((one) => !networks.has(networkOf(one) ?? '')) : values,
    }))
    .filter(({ values }) => values.length > 0);
}

function newIn(uses: KeyUses, dimension: Dimension, { old, owner, since }: Base): readonly string[] {
  const past = old?.[dimension] ?? [];
  if (past.length === 0 && !wasUnused(uses, old, since)) return [];
  if (old?.cut?.includes(dimension) === true) return [];
  const wasPartial = old?.partial?.includes(dimension) === true;
  if (wasPartial && !isComparable(uses, dimension)) return [];
  const known = past.length === 0 ? (owner?.[dimension] ?? new Set()) : new Set(past);
  const from = (parseInstant(old?.whole?.[dimension] ?? old?.at ?? '') ?? since) - LATE_MS;
  const found = [...uses.seen[dimension]].flatMap(([value, { first, last, hasFirst }]) =>
    !known.has(value) && (hasFirst ? (first ?? last) >= from : !wasPartial) ? [value] : [],
  );
  if (dimension !== 'regions' || found.length === 0) return found.sort();
  const learnt = regionsLearnt(uses, old, from);
  return found.filter((region) => !learnt.has(region)).sort();
}

/** Of a service or an address that no report told and that was used before: it comes from where nobody looked. */
function regionsLearnt(
  { services }: KeyUses,
  old: SeenKey | undefined,
  from: Instant,
): ReadonlySet<string | undefined> {
  const told = { services: new Set(old?.services), addresses: new Set(old?.addresses) };
  const rows = [...services.values()].flat().filter(({ what, service, name, firstUsedAt }) => {
    const isTold = what === 'address' ? told.addresses.has(name) : told.services.has(service);
    return !isTold && what !== 'resource' && (valueOf(firstUsedAt) ?? from) < from;
  });
  return new Set(rows.map(({ region }) => valueOf(region)));
}

/** Of a list that no report told to its end: whether what was used first of late is new, and not only told of late. */
function isComparable(uses: KeyUses, dimension: Dimension): boolean {
  // A region's first use is not told: what never answered may answer now.
  if (dimension === 'regions') return isPartial(uses, dimension);
  // An address that was cut off and comes back looks new; where services lack too, a place was silent.
  return !uses.partial.has('address') || uses.partial.has('service');
}

/** Told as never used, or made since: else an empty past is only one that was not told. */
function wasUnused({ key }: KeyUses, old: SeenKey | undefined, since: Instant): boolean {
  if (old !== undefined) return old.never === true;
  return (valueOf(key.createdAt) ?? Number.NEGATIVE_INFINITY) >= since;
}

function* ownersOf({ keys = {} }: AccessSeen): Steps<ReadonlyMap<string, Lists>> {
  const owners = new Map<string, Record<Dimension, Set<string>>>();
  yield* eachOf(Object.values(keys), (key) => {
    const lists = owners.get(key.owner) ?? {
      services: new Set(),
      regions: new Set(),
      networks: new Set(),
      addresses: new Set(),
    };
    owners.set(key.owner, lists);
    for (const dimension of DIMENSIONS) for (const value of key[dimension]) lists[dimension].add(value);
  });
  return owners;
}

function changeEvent(pair: Pair, uses: KeyUses, { type, dimension, values }: News): Event {
  const { owner, key } = uses;
  const at = firstOf(uses, dimension, values);
  const [first = '', ...more] = values;
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  return eventOf(pair, {
    kind: 'change',
    facts: { type, identity: factsOf(owner), credential: key.id, after: [at, ...values] },
    occurredAt: formatInstant(at),
    severity: severityOfAccess(type, owner.kind, pair.current.context.changes),
    message: `${PHRASES[type]} ${quoted(first)}${others}, ${quoted(key.id)} of ${who(owner)} in ${quoted(pair.account.name)}`,
    identity: identityOf(owner),
    credential: credentialOf(key),
    after: sideOf(uses, dimension, values),
    data: { window: pair.window },
  });
}

/** The earliest use that is told of what is new. */
function firstOf({ seen }: KeyUses, dimension: Dimension, values: readonly string[]): Instant {
  const moments = values.flatMap((value) => {
    const one = seen[dimension].get(value);
    return one === undefined ? [] : [one.first ?? one.last];
  });
  return moments.reduce((one, other) => Math.min(one, other));
}

function sideOf({ seen }: KeyUses, dimension: Dimension, values: readonly string[]): Data {
  if (dimension !== 'networks') return bounded({ [dimension]: values });
  const addresses = [...seen.addresses.keys()].filter((one) => values.includes(networkOf(one) ?? ''));
  return bounded({ networks: values, addresses: addresses.sort() });
}
