import type { ServiceAccess } from '../../domain/access.ts';
import type { Event } from '../../domain/event.ts';
import { mapped, type Steps } from '../../kit/steps.ts';
import { quoted, who } from '../message.ts';
import { eventOf, isFirstOfDay, type Pair } from '../pair.ts';
import { type IdentityAccess, identitiesIn, identityKey, type ServiceUse } from './identities.ts';
import { factOf, Listing, stateOf } from './listing.ts';
import { bounded, type Data, factsOf, identityOf, known, shown, shownGrant, shownInstant } from './put.ts';

/** One for each identity and service, its actions folded in, and one for an identity of which the report says something as a whole. */
export function* accessEvents(pair: Pair): Steps<readonly Listing[]> {
  const { previous, current } = pair;
  const before = identitiesIn(previous?.parsed.access ?? []);
  const old = new Map(before.map((access) => [identityKey(access.identity), access]));
  const daily = isFirstOfDay(pair);
  const listed = yield* mapped(identitiesIn(current.parsed.access ?? []), (access) => {
    const { identity } = access;
    const known = essences(old.get(identityKey(identity)));
    return itemsOf(access).map((item) => {
      const isChanged = known.get(item.use?.service) !== essenceOf(item);
      return new Listing(identity.id, () => accessEvent(pair, item), isChanged, daily);
    });
  });
  return listed.flat();
}

interface Item {
  readonly access: IdentityAccess;
  /** Left out for the identity as a whole. */
  readonly use?: ServiceUse;
}

function itemsOf(access: IdentityAccess): readonly Item[] {
  const whole: readonly Item[] = access.rows.length === 0 ? [] : [{ access }];
  return [...whole, ...access.services.map((use) => ({ access, use }))];
}

/** By service; compared identity by identity, as those of all would be as long as the report. */
function essences(access: IdentityAccess | undefined): ReadonlyMap<string | undefined, string> {
  return new Map(access && itemsOf(access).map((item) => [item.use?.service, essenceOf(item)]));
}

/** What is worth telling again: times and regions are looked past, and the order of lists. */
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
