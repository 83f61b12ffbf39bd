import type { Instant } from '../../../domain/instant.ts';
import { mapped, type Steps } from '../../../kit/steps.ts';
import { DAY_MS } from '../../checks/answer.ts';
import { type KeyUses, keysIn } from '../keys.ts';
import { type AuditCheck, type AuditScene, type AuditVerdict, threshold } from './audit-check.ts';
import { subjectOf } from './subject-of-key.ts';

const MAX_NETWORKS = 5;
const WINDOW_DAYS = 30;

/** Networks are /24 and /48: where they are in the world, no cloud says. */
export const keyManyPlaces: AuditCheck = {
  id: 'key.many_places',
  kind: 'key-audit',
  title: 'An access key is used from many networks',
  remediation: 'Find out who uses the key where, and give each its own, or a role.',
  controls: {},
  defaults: { enabled: true, severity: 'medium', thresholds: { max_networks: MAX_NETWORKS, window_days: WINDOW_DAYS } },
  *judge(scene: AuditScene): Steps<readonly AuditVerdict[]> {
    const max = threshold(scene, 'max_networks', MAX_NETWORKS);
    const since = placesSince(scene);
    return yield* mapped(keysIn(scene.parsed.keyUses ?? []), (uses) => ({
      status: placesOf(uses, since).length > max ? 'fail' : isUntold(uses, since) ? 'unknown' : 'pass',
      subject: subjectOf(uses),
    }));
  },
};

export function placesSince(scene: AuditScene): Instant {
  return scene.generatedAt - threshold(scene, 'window_days', WINDOW_DAYS) * DAY_MS;
}

/** Networks that the key was used from lately. */
export function placesOf({ seen }: KeyUses, since: Instant): readonly string[] {
  return [...seen.networks].filter(([, { last }]) => last >= since).map(([network]) => network);
}

/** Used lately, and no address is told, or not all of them. */
function isUntold({ lastUsedAt, seen, partial }: KeyUses, since: Instant): boolean {
  if (partial.has('address')) return true;
  if ('reason' in lastUsedAt) return lastUsedAt.reason === 'unknown';
  return lastUsedAt.value >= since && seen.addresses.size === 0;
}
