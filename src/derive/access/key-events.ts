import type { KeyUse } from '../../domain/access.ts';
import type { Event } from '../../domain/event.ts';
import { formatInstant } from '../../domain/instant.ts';
import { valueOf } from '../../domain/record.ts';
import { networkOf } from '../../kit/network-of.ts';
import { isFirstOfDay } from '../inventory.ts';
import { quoted, who } from '../message.ts';
import { eventOf, type Pair } from '../pair.ts';
import { type KeyUses, keysIn } from './keys.ts';
import { essenceOf, Listing } from './listing.ts';
import { bounded, credentialOf, type Data, factsOf, identityOf, known, shown, shownInstant } from './put.ts';

const ALL = Number.POSITIVE_INFINITY;

/** One for each key, and one for each service that it was used for, with events, addresses and resources folded in. */
export function keyEvents(pair: Pair): readonly Listing[] {
  const before = essences(pair.previous?.parsed.keyUses ?? []);
  const daily = isFirstOfDay(pair);
  return itemsIn(pair.current.parsed.keyUses ?? []).map(
    (item) =>
      new Listing(
        item.uses.owner.id,
        () => keyEvent(pair, item),
        before.get(item.id) !== essenceOf(dataOf(item, ALL)),
        daily,
      ),
  );
}

interface Item {
  readonly id: string;
  readonly uses: KeyUses;
  /** Undefined for the key as a whole. */
  readonly service: string | undefined;
}

function itemsIn(rows: readonly KeyUse[]): readonly Item[] {
  return keysIn(rows).flatMap((uses) => {
    const services = [...uses.services.keys()].filter((service) => service !== '');
    return [undefined, ...services].map((service) => ({
      id: JSON.stringify([uses.key.id, service ?? null]),
      uses,
      service,
    }));
  });
}

function essences(rows: readonly KeyUse[]): ReadonlyMap<string, string> {
  return new Map(itemsIn(rows).map((item) => [item.id, essenceOf(dataOf(item, ALL))]));
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

function dataOf({ uses, service }: Item, limit?: number): Data {
  const rows = uses.services.get(service ?? '') ?? [];
  return service === undefined ? keyData(uses, rows, limit) : serviceData(service, rows, limit);
}

function keyData(uses: KeyUses, rows: readonly KeyUse[], limit: number | undefined): Data {
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
    ...bounded(
      {
        services: [...seen.services.keys()].sort(),
        regions: [...seen.regions.keys()].sort(),
        networks: [...seen.networks.keys()].sort(),
        ...foldedIn(rows),
        why: whole?.why ?? [],
      },
      limit,
    ),
  };
}

function serviceData(service: string, rows: readonly KeyUse[], limit: number | undefined): Data {
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
    ...bounded({ ...foldedIn(rows), why: whole?.why ?? [] }, limit),
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
  return b - a || (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);
}
