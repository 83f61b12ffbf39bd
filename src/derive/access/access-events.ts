import type { ServiceAccess } from '../../domain/access.ts';
import type { Event } from '../../domain/event.ts';
import { quoted, who } from '../message.ts';
import { eventOf, isFirstOfDay, type Pair } from '../pair.ts';
import { type IdentityAccess, identitiesIn, identityKey, type ServiceUse } from './identities.ts';
import { factOf, Listing, stateOf } from './listing.ts';
import { bounded, type Data, factsOf, identityOf, known, shown, shownGrant, shownInstant } from './put.ts';

/** One for each identity and service, its actions folded in, and one for an identity of which the report says something as a whole. */
export function accessEvents(pair: Pair): readonly Listing[] {
  const before = essences(pair.previous?.parsed.access ?? []);
  const daily = isFirstOfDay(pair);
  return itemsIn(pair.current.parsed.access ?? []).map(
    (item) =>
      new Listing(
        item.access.identity.id,
        () => accessEvent(pair, item),
        before.get(item.key) !== essenceOf(item),
        daily,
      ),
  );
}

interface Item {
  readonly key: string;
  readonly access: IdentityAccess;
  readonly use: ServiceUse | undefined;
}

function itemsIn(rows: readonly ServiceAccess[]): readonly Item[] {
  return identitiesIn(rows).flatMap((access) => {
    const name = identityKey(access.identity);
    const whole: readonly Item[] = access.rows.length === 0 ? [] : [{ key: name, access, use: undefined }];
    return [...whole, ...access.services.map((use) => ({ key: JSON.stringify([name, use.service]), access, use }))];
  });
}

function essences(rows: readonly ServiceAccess[]): ReadonlyMap<string, string> {
  return new Map(itemsIn(rows).map((item) => [item.key, essenceOf(item)]));
}

/** What is worth telling again: times and regions are looked past, and the order of lists. One text, as there may be very many. */
function essenceOf({ access, use }: Item): string {
  if (use === undefined) {
    return JSON.stringify([access.services.length, access.isPartial, access.rows.flatMap(({ why }) => why).sort()]);
  }
  return JSON.stringify([
    use.name,
    factOf(use.granted),
    stateOf(use.lastUsedAt),
    stateOf(use.trackedSince),
    use.grantedBy,
    use.actions.map(({ action, granted, lastUsedAt }) => [action, factOf(granted), stateOf(lastUsedAt)]),
    use.why.toSorted(),
  ]);
}

function accessEvent(pair: Pair, item: Item): Event {
  const { access, use } = item;
  const { identity } = access;
  const where = `${who(identity)} in ${quoted(pair.account.name)}`;
  return eventOf(pair, {
    kind: 'access',
    facts:
      use === undefined
        ? { type: 'access.identity', identity: factsOf(identity) }
        : { type: 'access.service', identity: factsOf(identity), after: [use.service] },
    severity: 'informational',
    message: use === undefined ? `access of ${where}` : `access to ${quoted(use.service)} of ${where}`,
    identity: identityOf(identity),
    data: dataOf(item),
  });
}

function dataOf({ access, use }: Item): Data {
  return use === undefined ? identityData(access) : serviceData(use);
}

function identityData({ rows, services, isPartial }: IdentityAccess): Data {
  return {
    services: services.length,
    complete: !isPartial,
    ...bounded({ why: [...new Set(rows.flatMap(({ why }) => why))] }),
  };
}

function serviceData(use: ServiceUse): Data {
  const used = use.actions.filter(({ lastUsedAt }) => 'value' in lastUsedAt);
  const untold = use.actions.filter(({ lastUsedAt }) => 'reason' in lastUsedAt && lastUsedAt.reason === 'unknown');
  const unused = use.actions.filter((row) => !used.includes(row) && !untold.includes(row));
  return {
    service: use.service,
    ...(use.name === undefined ? {} : { service_name: use.name }),
    ...shown('granted', use.granted),
    ...shownInstant('last_used_at', use.lastUsedAt),
    ...known('last_used_region', use.lastUsedRegion),
    ...shownInstant('tracked_since', use.trackedSince),
    ...bounded({
      granted_by: use.grantedBy.map(shownGrant),
      actions: used.map(actionData),
      unused_actions: unused.map(({ action }) => action),
      untold_actions: untold.map(({ action }) => action),
      why: use.why,
    }),
  };
}

function actionData({ action, lastUsedAt, lastUsedRegion, granted }: ServiceAccess): Data {
  return {
    action,
    ...shownInstant('last_used_at', lastUsedAt),
    ...known('last_used_region', lastUsedRegion),
    ...('value' in granted && !granted.value ? { granted: false } : {}),
  };
}
