import { policyUnused } from '../derive/access/checks/policy-unused.ts';
import { userPermissionsStale } from '../derive/access/checks/user-permissions-stale.ts';
import { type IdentityAccess, identitiesIn } from '../derive/access/identities.ts';
import { type Proposal, proposalOf } from '../derive/access/proposal.ts';
import { seenIn } from '../derive/access/seen.ts';
import { type JudgedService, judgedServices, type Measure, UNUSED_DAYS } from '../derive/access/unused.ts';
import { ruleOf } from '../derive/checks/registry.ts';
import type { Grant, ServiceAccess } from '../domain/access.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { LoadedReport } from '../domain/loaded.ts';
import { splitSource } from '../domain/names.ts';
import type { Field } from '../domain/record.ts';
import { atOnce } from '../kit/steps.ts';

/** A service to take away, or one action of a service that is used. */
export interface UnusedPermission {
  readonly service: string;
  readonly action?: string;
  /** A time, or why there is none. */
  readonly last_used_at: string;
  readonly granted_by: readonly string[];
}

export interface UnusedOf {
  readonly source: string;
  readonly account: string;
  readonly generated_at: string;
  readonly identity: { readonly kind: string; readonly id: string; readonly name: string };
  readonly unused_days: number;
  /** False when not all of it could be read. */
  readonly complete: boolean;
  readonly unused: readonly UnusedPermission[];
  /** Services of which nobody can tell whether they are used: nothing is said of them. */
  readonly not_told: readonly { readonly service: string; readonly why: readonly string[] }[];
  readonly policies_unused: readonly string[];
  readonly proposal: Proposal;
}

/** What each user and role of an access audit may do and does not, by the rule that the report was judged by. */
export function unusedIn(report: LoadedReport): readonly UnusedOf[] {
  const { entry, context, parsed, parts, findings } = report;
  const { thresholds } = ruleOf(context.rules, userPermissionsStale);
  const days = thresholds['unused_days'] ?? UNUSED_DAYS;
  const measure: Measure = { days, generatedAt: entry.generatedAt, seen: atOnce(seenIn(parts)) };
  return identitiesIn(parsed.access ?? [])
    .filter(({ identity: { kind } }) => kind === 'user' || kind === 'role')
    .map((access) => ({
      source: entry.source,
      account: context.account.name,
      generated_at: formatInstant(entry.generatedAt),
      identity: identityOf(access),
      unused_days: days,
      complete: !access.isPartial,
      ...permissionsOf(access, measure, splitSource(entry.source).provider),
      policies_unused: findings.open
        .filter(
          ({ check, status, identity }) => check === policyUnused.id && status === 'fail' && isSame(identity, access),
        )
        .flatMap(({ policy }) => (policy === undefined ? [] : [policy])),
    }));
}

function isSame({ kind, id }: { readonly kind: string; readonly id: string }, { identity }: IdentityAccess): boolean {
  return kind === identity.kind && id === identity.id;
}

function identityOf({ identity: { kind, id, name } }: IdentityAccess): UnusedOf['identity'] {
  return { kind, id, name };
}

function permissionsOf(access: IdentityAccess, measure: Measure, provider: string) {
  const services = judgedServices(access, measure);
  return {
    unused: services.flatMap(unusedOf),
    not_told: services.filter(({ unused }) => unused === 'unknown').map(notTold),
    proposal: proposalOf(provider, services, access),
  };
}

function notTold({ use: { service, lastUsedAt, trackedSince, why } }: JudgedService): UnusedOf['not_told'][number] {
  const reasons = [lastUsedAt, trackedSince].flatMap((field) => ('reason' in field ? [field.why ?? ''] : []));
  return { service, why: [...new Set([...reasons, ...why])].filter((reason) => reason !== '') };
}

function unusedOf({ use, unused, unusedActions }: JudgedService): readonly UnusedPermission[] {
  const { service, lastUsedAt, grantedBy } = use;
  if (unused === 'yes') return [{ service, last_used_at: textOf(lastUsedAt), granted_by: grantsText(grantedBy) }];
  return unusedActions.map((action: ServiceAccess) => ({
    service,
    action: action.action ?? '',
    last_used_at: textOf(action.lastUsedAt),
    granted_by: grantsText(action.grantedBy),
  }));
}

function grantsText(grants: readonly Grant[]): readonly string[] {
  return grants.map(({ policy, via }) => (via === undefined ? policy : `${policy} via ${via}`));
}

function textOf(field: Field<Instant>): string {
  return 'value' in field ? formatInstant(field.value) : field.reason;
}
