import type { ServiceAccess } from '../../domain/access.ts';
import { formatInstant, type Instant } from '../../domain/instant.ts';
import { valueOf } from '../../domain/record.ts';
import { eachOf, type Steps } from '../../kit/steps.ts';
import { groupingIdentities, type IdentityAccess, identityKey, type ServiceUse } from './identities.ts';
import { type AccessSeen, remembered, type SeenIdentity, type SeenService, sameSubject, subjectOf } from './seen.ts';

/** What is known to have been used, with this report. */
export function* seeAccess(
  rows: readonly ServiceAccess[],
  generatedAt: Instant,
  earlier: AccessSeen | undefined,
): Steps<AccessSeen> {
  const now = new Map<string, SeenIdentity>();
  yield* eachOf(yield* groupingIdentities(rows), (access) => {
    const name = identityKey(access.identity);
    const old = sameSubject(earlier?.identities, name, access.identity.createdAt);
    now.set(name, seeIdentity(access, generatedAt, old));
  });
  return { version: 1, identities: remembered(earlier?.identities, now, generatedAt) };
}

function seeIdentity(access: IdentityAccess, generatedAt: Instant, old: SeenIdentity | undefined): SeenIdentity {
  const used = new Set(old?.used);
  const untold = new Set(old?.untold);
  for (const { name, lastUsedAt } of itemsOf(access)) {
    if ('value' in lastUsedAt) used.add(name);
    if ('value' in lastUsedAt || lastUsedAt.reason !== 'unknown') untold.delete(name);
    else if (old === undefined && !used.has(name)) untold.add(name);
  }
  const isPartial = access.isPartial && (old === undefined || old.partial === true);
  return {
    ...subjectOf(access.identity.createdAt, generatedAt, old),
    used: [...used].sort(),
    untold: [...untold].sort(),
    services: servicesOf(access, generatedAt, old),
    ...(isPartial ? { partial: true } : {}),
  };
}

/** A service as a whole is an item, and each of its actions. */
function itemsOf({ services }: IdentityAccess) {
  return services.flatMap(({ service, lastUsedAt, actions }) => [
    { name: service, lastUsedAt },
    ...actions.map(({ action, lastUsedAt }) => ({ name: actionItem(service, action), lastUsedAt })),
  ]);
}

export function actionItem(service: string, action: string | undefined): string {
  return `${service} ${action ?? ''}`;
}

function servicesOf(access: IdentityAccess, generatedAt: Instant, old: SeenIdentity | undefined) {
  const services = access.services.flatMap((use): readonly (readonly [string, SeenService])[] => {
    const was = ownService(old, use.service);
    const seen = serviceOf(use, was, old !== undefined && old.partial !== true ? generatedAt : undefined);
    return seen === undefined ? [] : [[use.service, seen]];
  });
  const unread = access.isPartial ? Object.entries(old?.services ?? {}) : [];
  return Object.fromEntries([...unread, ...services]);
}

export function ownService(seen: SeenIdentity | undefined, service: string): SeenService | undefined {
  return seen !== undefined && Object.hasOwn(seen.services, service) ? seen.services[service] : undefined;
}

/** `bornAt`: since when it is granted if it was not there before. */
function serviceOf(
  { granted, actions }: ServiceUse,
  was: SeenService | undefined,
  bornAt: Instant | undefined,
): SeenService | undefined {
  if (valueOf(granted) === false) return undefined;
  const since = was !== undefined ? was.since : bornAt === undefined ? undefined : formatInstant(bornAt);
  return {
    ...(since === undefined ? {} : { since }),
    ...(actions.length > 0 || was?.actions === true ? { actions: true } : {}),
  };
}
