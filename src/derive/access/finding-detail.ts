import type { OpenFinding } from '../../domain/finding.ts';
import { formatInstant } from '../../domain/instant.ts';
import type { Rule } from '../../domain/rules.ts';
import { eachOf, type Steps } from '../../kit/steps.ts';
import { ruleOf } from '../checks/registry.ts';
import type { Pair } from '../pair.ts';
import type { AuditCheck, AuditScene } from './checks/audit-check.ts';
import { dataKeyUseContradicts } from './checks/data-key-use-contradicts.ts';
import { keyManyPlaces, placesOf, placesSince } from './checks/key-many-places.ts';
import { holderOf, policyKey, policyUnused } from './checks/policy-unused.ts';
import { measureOf, userPermissionsStale } from './checks/user-permissions-stale.ts';
import { type IdentityAccess, identitiesIn, identityKey } from './identities.ts';
import { type KeyUses, keysIn } from './keys.ts';
import { proposalOf, unusedActionsOf } from './proposal.ts';
import { bounded, type Data, shownInstant } from './put.ts';
import { type AccessSeen, seenIn } from './seen.ts';
import { judgedServices } from './unused.ts';

/** What an open finding rests on, worked out of the report that tells it. */
export type Detail = (finding: OpenFinding) => Data;

export function* accessDetail(pair: Pair): Steps<Detail> {
  const seen = yield* seenIn(pair.current.parts);
  const stale = sceneOf(pair, userPermissionsStale, seen);
  const unused = sceneOf(pair, policyUnused, seen);
  const all = identitiesIn(pair.current.parsed.access ?? []);
  const identities = new Map(all.map((access) => [identityKey(access.identity), access]));
  const granted = yield* servicesByPolicy(all);
  return (finding) => {
    if (finding.check === policyUnused.id) return policyDetail(finding, granted, unused);
    const access = identities.get(identityKey(finding.identity));
    return access === undefined ? {} : staleDetail(pair.account.provider, access, stale);
  };
}

function sceneOf({ current, account }: Pair, check: AuditCheck, seen: AccessSeen | undefined): AuditScene {
  const { parsed, entry, context } = current;
  const rule: Rule = ruleOf(context.rules, check);
  return { provider: account.provider, parsed, generatedAt: entry.generatedAt, rule, seen };
}

function staleDetail(provider: string, access: IdentityAccess, scene: AuditScene): Data {
  const services = judgedServices(access, measureOf(scene));
  const unused = services.filter((one) => one.unused === 'yes');
  const actions = services.filter((one) => one.unused !== 'yes').flatMap(unusedActionsOf);
  return {
    granted_services: services.length,
    unused_days: measureOf(scene).days,
    ...bounded({ unused_services: unused.map(({ use }) => use.service), unused_actions: actions }),
    proposal: proposalOf(provider, services, access),
  };
}

/** What each policy gives, by who has it: of a group, whoever in it the report tells of. */
type Granted = ReadonlyMap<string, ReadonlySet<string>>;

function* servicesByPolicy(all: readonly IdentityAccess[]): Steps<Granted> {
  const granted = new Map<string, Set<string>>();
  yield* eachOf(all, ({ identity, services }) => {
    for (const { service, grantedBy } of services) {
      for (const grant of grantedBy) {
        const key = policyKey(holderOf(identity, grant).subject);
        const known = granted.get(key);
        if (known === undefined) granted.set(key, new Set([service]));
        else known.add(service);
      }
    }
  });
  return granted;
}

function policyDetail(finding: OpenFinding, granted: Granted, scene: AuditScene): Data {
  const names = [...(granted.get(policyKey(finding)) ?? [])].sort();
  return { unused_days: measureOf(scene).days, ...bounded({ unused_services: names }) };
}

export function* keyDetail(pair: Pair): Steps<Detail> {
  yield;
  const places = sceneOf(pair, keyManyPlaces, undefined); // what was ever seen takes no part in these checks
  const keys = new Map(keysIn(pair.current.parsed.keyUses ?? []).map((uses) => [uses.key.id, uses]));
  return (finding) => {
    const uses = keys.get(finding.credential?.id ?? '');
    if (uses === undefined) return {};
    return finding.check === dataKeyUseContradicts.id ? contradiction(uses) : placesDetail(uses, places);
  };
}

function placesDetail(uses: KeyUses, scene: AuditScene): Data {
  const since = placesSince(scene);
  return { used_since: formatInstant(since), ...bounded({ networks: placesOf(uses, since).toSorted() }) };
}

function contradiction({ whole, lastUsedAt }: KeyUses): Data {
  const reported = whole?.reportedLastUsedAt ?? { reason: 'unknown' as const };
  return { ...shownInstant('seen_last_used_at', lastUsedAt), ...shownInstant('reported_last_used_at', reported) };
}
