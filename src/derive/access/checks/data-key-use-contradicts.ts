import type { KeyUse } from '../../../domain/access.ts';
import type { Instant } from '../../../domain/instant.ts';
import { mapped, type Steps } from '../../../kit/steps.ts';
import { DAY_MS } from '../../checks/answer.ts';
import { type KeyUses, keysIn } from '../keys.ts';
import { type AuditCheck, type AuditScene, type AuditVerdict, threshold } from './audit-check.ts';
import { subjectOf } from './subject-of-key.ts';

const HOUR_MS = 3_600_000;
const TOLERANCE_HOURS = 24;
const COVERAGE_DAYS = 90;

/** A finding about the data: two sources of one cloud do not agree on whether a key is in use. */
export const dataKeyUseContradicts: AuditCheck = {
  id: 'data.key_use.contradicts',
  kind: 'key-audit',
  title: "What the audit trail shows of an access key and what the cloud's last-used time says do not agree",
  remediation: 'Do not call the key unused by either source alone: look at its use before it is deleted.',
  controls: {},
  defaults: {
    enabled: true,
    severity: 'medium',
    thresholds: { tolerance_hours: TOLERANCE_HOURS, coverage_days: COVERAGE_DAYS },
  },
  *judge(scene: AuditScene): Steps<readonly AuditVerdict[]> {
    const limits: Limits = {
      provider: scene.provider,
      tolerance: threshold(scene, 'tolerance_hours', TOLERANCE_HOURS) * HOUR_MS,
      coverage: threshold(scene, 'coverage_days', COVERAGE_DAYS) * DAY_MS,
      at: scene.generatedAt,
    };
    return yield* mapped(keysIn(scene.parsed.keyUses ?? []), (uses) => ({
      status: statusOf(uses, limits),
      subject: subjectOf(uses),
    }));
  },
};

/**
 * Clouds whose trail shows management events alone, and the services that are taken to have no others. Of all other services, and of the same
 * ones where the cloud does not say which it was, a use need not show.
 */
const MANAGEMENT_EVENTS_ONLY: ReadonlyMap<string, ReadonlySet<string>> = new Map([['aws', new Set(['iam', 'sts'])]]);

interface Limits {
  readonly provider: string;
  readonly tolerance: number;
  readonly coverage: number;
  readonly at: Instant;
}

/** What is younger than the tolerance may not have reached both sources yet. */
function statusOf(uses: KeyUses, limits: Limits): AuditVerdict['status'] {
  const { tolerance, at } = limits;
  const { whole } = uses;
  const seen = whole?.lastUsedAt ?? uses.lastUsedAt;
  const reported = whole?.reportedLastUsedAt ?? UNKNOWN;
  if ('value' in seen) {
    if ('reason' in reported) return reported.reason === 'never' ? ripe(seen.value, at - tolerance, 'fail') : 'unknown';
    if (seen.value - reported.value > tolerance) return ripe(seen.value, at - tolerance, 'warn');
    return reported.value - seen.value > tolerance ? unseen(uses, reported.value, limits) : 'pass';
  }
  if (seen.reason !== 'never') return 'unknown';
  if ('reason' in reported) return reported.reason === 'unknown' ? 'unknown' : 'pass';
  return unseen(uses, reported.value, limits);
}

const UNKNOWN = { reason: 'unknown' } as const;

function ripe(use: Instant, before: Instant, status: 'fail' | 'warn'): AuditVerdict['status'] {
  return use <= before ? status : 'unknown';
}

/** A use that the trail does not show: a contradiction only where it would have been shown. */
function unseen(uses: KeyUses, use: Instant, { provider, tolerance, coverage, at }: Limits): AuditVerdict['status'] {
  if (use < at - coverage + tolerance) return 'pass';
  const shown = MANAGEMENT_EVENTS_ONLY.get(provider);
  // A trail that shows all events tells the last use of a key without the list of its services.
  const isWhole = uses.whole?.why.length === 0 && (shown === undefined || !uses.partial.has('service'));
  const isShown = shown === undefined || servicesAt(uses, use).some((service) => shown.has(service));
  return isWhole && isShown && use <= at - tolerance ? 'fail' : 'unknown';
}

/** What the key was used for at that moment, where the report says it. */
function servicesAt({ services }: KeyUses, use: Instant): readonly string[] {
  const isThen = ({ what, lastUsedAt }: KeyUse) =>
    what === 'service' && 'value' in lastUsedAt && lastUsedAt.value === use;
  return [...services].flatMap(([service, rows]) => (rows.some(isThen) ? [service] : []));
}
