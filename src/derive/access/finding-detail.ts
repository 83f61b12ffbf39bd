import type { OpenFinding } from '../../domain/finding.ts';
import { formatInstant } from '../../domain/instant.ts';
import type { Rule } from '../../domain/rules.ts';
import { ruleOf } from '../checks/registry.ts';
import type { Pair } from '../pair.ts';
import type { AuditCheck, AuditScene } from './checks/audit-check.ts';
import { dataKeyUseContradicts } from './checks/data-key-use-contradicts.ts';
import { keyManyPlaces, placesOf, placesSince } from './checks/key-many-places.ts';
import { isGrantOf, policyUnused } from './checks/policy-unused.ts';
import { measureOf, userPermissionsStale } from './checks/user-permissions-stale.ts';
import { type IdentityAccess, identitiesIn, identityKey } from './identities.ts';
import { type KeyUses, keysIn } from './keys.ts';
import { proposalOf, unusedActionsOf } from './proposal.ts';
import { bounded, type Data, shownInstant } from './put.ts';
import { seenIn } from './seen.ts';
import { judgedServices } from './unused.ts';

/** What an open finding rests on, worked out of the report that tells it. */
export type Detail = (finding: OpenFinding) => Data;

export function accessDetail(pair: Pair): Detail {
  const stale = sceneOf(pair, userPermissionsStale);
  const unused = sceneOf(pair, policyUnused);
  const all = identitiesIn(pair.current.parsed.access ?? []);
  const identities = new Map(all.map((access) => [identityKey(access.identity), access]));
  return (finding) => {
    if (finding.check === policyUnused.id) return policyDetail(finding, all, unused);
    const access = identities.get(identityKey(finding.identity));
    return access === undefined ? {} : staleDetail(pair.account.provider, access, stale);
  };
}

function sceneOf({ current, account }: Pair, check: AuditCheck): AuditScene {
  const { parsed, entry, context, parts } = current;
  const rule: Rule = ruleOf(context.rules, check);
  return { provider: account.provider, parsed, generatedAt: entry.generatedAt, rule, seen: seenIn(parts) };
}

function staleDetail(provider: string, access: IdentityAccess, scene: AuditScene): Data {
  const services = judgedServices(access, measureOf(scene));
  const unused = services.filter((one) => one.unused === 'yes');
  const actions = services.filter((one) => one.unused !== 'yes').flatMap(unusedActionsOf);
  return {
    granted_services: services.length,
    unused_days: measureOf(scene).days,
    ...bounded({ unused_services: unused.map(({ use }) => use.service), unused_actions: actions }),
    proposal: proposalOf(provider, services),
  };
}

function policyDetail(finding: OpenFinding, all: readonly IdentityAccess[], scene: AuditScene): Data {
  const isGroup = finding.identity.kind === 'group';
  const owners = all.filter(
    ({ identity: { kind, id } }) => isGroup || (kind === finding.identity.kind && id === finding.identity.id),
  );
  const services = owners.flatMap(({ services }) =>
    services.filter(({ grantedBy }) => grantedBy.some((grant) => isGrantOf(finding, grant))),
  );
  const names = [...new Set(services.map(({ service }) => service))].sort();
  return { unused_days: measureOf(scene).days, ...bounded({ unused_services: names }) };
}

export function keyDetail(pair: Pair): Detail {
  const places = sceneOf(pair, keyManyPlaces);
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
