import type { KeyUse } from '../../domain/access.ts';
import type { Event } from '../../domain/event.ts';
import { formatInstant } from '../../domain/instant.ts';
import { valueOf } from '../../domain/record.ts';
import { networkOf } from '../../kit/network-of.ts';
import { mapped, type Steps } from '../../kit/steps.ts';
import { quoted, who } from '../message.ts';
import { eventOf, isFirstOfDay, type Pair } from '../pair.ts';
import { type KeyUses, keysIn } from './keys.ts';
import { factOf, Listing, stateOf } from './listing.ts';
import { bounded, credentialOf, type Data, factsOf, identityOf, known, shown, shownInstant } from './put.ts';

/** One for each key, and one for each service that it was used for, with events, addresses and resources folded in. */
export function* keyEvents(pair: Pair): Steps<readonly Listing[]> {
  const { previous, current } = pair;
  const before = keysIn(previous?.parsed.keyUses ?? []);
  const old = new Map(before.map((uses) => [uses.key.id, uses]));
  const daily = isFirstOfDay(pair);
  const listed = yield* mapped(keysIn(current.parsed.keyUses ?? []), (uses) => {
    const known = essences(old.get(uses.key.id));
    return itemsOf(uses).map((item) => {
      const isChanged = known.get(item.service) !== essenceOf(item);
      return new Listing(uses.owner.id, () => keyEvent(pair, item), isChanged, daily);
    });
  });
  return listed.flat();
}

interface Item {
  readonly uses: KeyUses;
  /** Undefined for the key as a whole. */
  readonly service: string | undefined;
}

function itemsOf(uses: KeyUses): readonly Item[] {
  const services = [...uses.services.keys()].filter((service) => service !== '');
  return [undefined, ...services].map((service) => ({ uses, service }));
}

/** By service; compared key by key, as those of all would be as long as the report. */
function essences(uses: KeyUses | undefined): ReadonlyMap<string | undefined, string> {
  return new Map(uses && itemsOf(uses).map((item) => [item.service, essenceOf(item)]));
}

/** What is worth telling again: times, counts and regions of uses are looked past, and the order of lists. */
function essenceOf({ uses, service }: Item): string {
  const { key, whole, lastUsedAt, seen, partial } = uses;
  const rows = uses.services.get(service ?? '') ?? [];
  const folded = rows.map(({ what, name, type }) => `${what} ${name} ${type}`).sort();
  if (service !== undefined) return JSON.stringify(folded);
  const lists = [seen.services, seen.regions, seen.networks].map((list) => [...list.keys()].sort());
  const reported = whole === undefined ? '' : stateOf(whole.reportedLastUsedAt);
  return JSON.stringify([factOf(key.active), stateOf(lastUsedAt), reported, partial.size, lists, folded, whole?.why]);
}

function keyEvent(pair: Pair, item: Item): Event {
  const { uses, service } = item;
  const { owner, key, lastUsedAt } = uses;
  const used = valueOf(lastUsedAt);
  const where = `access key ${quoted(key.id)} of ${who(owner)} in ${quoted(pair.account.name)}`;
  return eventOf(pair, {
    kind: 'access',
    facts:
      service === undefined
        ? { type: 'access.key', identity: factsOf(owner), credential: key.id }
        : { type: 'access.key_service', identity: factsOf(owner), credential: key.id, after: [service] },
    severity: 'informational',
    message:
      service === undefined
        ? `use of ${where}${used === undefined ? '' : `, last on ${formatInstant(used)}`}`
        : `use of ${where} for ${quoted(service)}`,
    identity: identityOf(owner),
    credential: credentialOf(key),
    data: dataOf(item),
  });
}

function dataOf({ uses, service }: Item): Data {
  const rows = uses.services.get(service ?? '') ?? [];
  return service === undefined ? keyData(uses, rows) : serviceData(service, rows);
}

function keyData(uses: KeyUses, rows: readonly KeyUse[]): Data {
  const { key, whole, lastUsedAt, seen, partial } = uses;
  return {
    ...shown('active', key.active),
    ...shownInstant('last_used_at', lastUsedAt),
    ...(whole === undefined
      ? {}
      : {
          ...known('region', whole.region),
          ...known('count', whole.count),
          ...shownInstant('reported_last_used_at', whole.reportedLastUsedAt),
        }),
    complete: partial.size === 0,
    ...bounded({
      services: [...seen.services.keys()].sort(),
      regions: [...seen.regions.keys()].sort(),
      networks: [...seen.networks.keys()].sort(),
      ...foldedIn(rows),
      why: whole?.why ?? [],
    }),
  };
}

function serviceData(service: string, rows: readonly KeyUse[]): Data {
  const sorted = rows.toSorted(byUse);
  const whole = sorted.find(({ what }) => what === 'service') ?? sorted[0];
  return {
    service,
    ...(whole === undefined
      ? {}
      : {
          ...shownInstant('first_used_at', whole.firstUsedAt),
          ...shownInstant('last_used_at', whole.lastUsedAt),
          ...known('region', whole.region),
          ...known('count', whole.count),
        }),
    ...bounded({ ...foldedIn(rows), why: whole?.why ?? [] }),
  };
}

/** Newest first, so that what is cut off is oldest. */
function foldedIn(rows: readonly KeyUse[]): Readonly<Record<string, readonly Data[]>> {
  const sorted = rows.toSorted(byUse);
  const of = (what: KeyUse['what']) => sorted.filter((row) => row.what === what);
  return {
    events: of('event').map((row) => ({ event: row.name, ...useOf(row) })),
    addresses: of('address').map((row) => ({ address: row.name, ...networkIn(row.name), ...useOf(row) })),
    resources: of('resource').map((row) => ({ resource: row.name, type: row.type, ...useOf(row) })),
  };
}

function networkIn(address: string): Data {
  const network = networkOf(address);
  return network === undefined ? {} : { network };
}

function useOf({ lastUsedAt, region, count }: KeyUse): Data {
  return { ...shownInstant('last_used_at', lastUsedAt), ...known('region', region), ...known('count', count) };
}

function byUse(one: KeyUse, other: KeyUse): number {
  const [a, b] = [valueOf(one.lastUsedAt) ?? 0, valueOf(other.lastUsedAt) ?? 0];
  return (
    b - a ||
    compare(one.name, other.name) ||
    compare(one.service, other.service) ||
    compare(one.type, other.type) ||
    compare(regionOf(one), regionOf(other)) ||
    compare(one.what, other.what) ||
    compare(stateOf(one.lastUsedAt), stateOf(other.lastUsedAt))
  );
}

function regionOf({ region }: KeyUse): string {
  return valueOf(region) ?? '';
}

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
