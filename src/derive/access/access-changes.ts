import type { ServiceAccess } from '../../domain/access.ts';
import type { Event } from '../../domain/event.ts';
import { type AccessChangeType } from '../../domain/event-types.ts';
import { formatInstant, type Instant } from '../../domain/instant.ts';
import { valueOf } from '../../domain/record.ts';
import { fastIso } from '../../kit/fast-iso.ts';
import { mapped, type Steps } from '../../kit/steps.ts';
import type { Fact } from '../event-id.ts';
import { quoted, who } from '../message.ts';
import { eventOf, type Pair } from '../pair.ts';
import { PHRASES, severityOfAccess } from './change-types.ts';
import { type IdentityAccess, identitiesIn, identityKey, type ServiceUse } from './identities.ts';
import { bounded, type Data, factsOf, identityOf, known, shown, shownGrant } from './put.ts';
import { type SeenIdentity, sameSubject, seenIn } from './seen.ts';
import { actionItem, ownService, seeAccess } from './seen-identities.ts';

/** What an identity used for the first time; nothing at a baseline. */
export function* accessChanges(pair: Pair): Steps<readonly Event[]> {
  const { previous, current } = pair;
  if (previous === undefined) return [];
  const since = previous.entry.generatedAt;
  const seen = (yield* seenIn(previous.parts)) ?? (yield* seeAccess(previous.parsed.access ?? [], since, undefined));
  const changes = yield* mapped(identitiesIn(current.parsed.access ?? []), (access) => {
    const { identity, services } = access;
    const old = sameSubject(seen.identities, identityKey(identity), identity.createdAt);
    if (!isKnown(access, old, since)) return [];
    const past = old && pastOf(old);
    return services.flatMap((use) => serviceChanges(pair, access, use, past));
  });
  return changes.flat();
}

interface Past {
  readonly seen: SeenIdentity;
  readonly used: ReadonlySet<string>;
  readonly untold: ReadonlySet<string>;
}

function pastOf(seen: SeenIdentity): Past {
  return { seen, used: new Set(seen.used), untold: new Set(seen.untold) };
}

/** An identity that is older than the report before and was not in it came into sight: what it did before is not new. */
function isKnown({ identity }: IdentityAccess, old: SeenIdentity | undefined, since: Instant): boolean {
  return old !== undefined || (valueOf(identity.createdAt) ?? Number.NEGATIVE_INFINITY) >= since;
}

function serviceChanges(pair: Pair, access: IdentityAccess, use: ServiceUse, past: Past | undefined): readonly Event[] {
  const lastUsed = valueOf(use.lastUsedAt);
  if (lastUsed === undefined) return [];
  const used = use.actions.filter(({ lastUsedAt }) => 'value' in lastUsedAt);
  if (isNew(use.service, past)) return [changeEvent(pair, 'access.first_use', access, use, used, lastUsed)];
  const hadActions = ownService(past?.seen, use.service)?.actions === true;
  const born = hadActions ? used.filter(({ action }) => isNew(actionItem(use.service, action), past)) : [];
  const at = born.flatMap(({ lastUsedAt }) => ('value' in lastUsedAt ? [lastUsedAt.value] : []));
  return at.length === 0
    ? []
    : [
        changeEvent(
          pair,
          'access.action_first_use',
          access,
          use,
          born,
          at.reduce((a, b) => Math.min(a, b)),
        ),
      ];
}

/** What no report has told yet may have been used long ago. */
function isNew(item: string, past: Past | undefined): boolean {
  if (past === undefined) return true;
  return !past.used.has(item) && !past.untold.has(item) && past.seen.partial !== true;
}

function changeEvent(
  pair: Pair,
  type: AccessChangeType,
  { identity }: IdentityAccess,
  use: ServiceUse,
  actions: readonly ServiceAccess[],
  at: Instant,
): Event {
  const facts: Fact[] = [use.service, at, ...actions.map(({ action }) => action ?? '')];
  return eventOf(pair, {
    kind: 'change',
    facts: { type, identity: factsOf(identity), after: facts },
    occurredAt: formatInstant(at),
    severity: severityOfAccess(type, identity.kind, pair.current.context.changes),
    message: `${PHRASES[type]} ${quoted(use.service)} by ${who(identity)} in ${quoted(pair.account.name)}`,
    identity: identityOf(identity),
    after: sideOf(use, actions, at),
    data: { window: pair.window },
  });
}

function sideOf(use: ServiceUse, actions: readonly ServiceAccess[], at: Instant): Data {
  return {
    service: use.service,
    ...(use.name === undefined ? {} : { service_name: use.name }),
    last_used_at: fastIso(at),
    ...known('last_used_region', use.lastUsedRegion),
    ...shown('granted', use.granted),
    ...bounded({ granted_by: use.grantedBy.map(shownGrant), actions: actions.map(({ action }) => action) }),
  };
}
