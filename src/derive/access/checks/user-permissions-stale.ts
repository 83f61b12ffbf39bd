import { mapped, type Steps } from '../../../kit/steps.ts';
import { type IdentityAccess, identitiesIn } from '../identities.ts';
import { judgedServices, type Measure, UNUSED_DAYS } from '../unused.ts';
import { type AuditCheck, type AuditScene, type AuditVerdict, threshold } from './audit-check.ts';

/** One finding for each identity, whatever the number of services: it says which, and proposes a policy without them. */
export const userPermissionsStale: AuditCheck = {
  id: 'user.permissions.stale',
  kind: 'access-audit',
  title: 'A user or role has permissions that it does not use',
  remediation: 'Take away the services and actions that were not used: the finding proposes a policy that denies them.',
  controls: {},
  defaults: { enabled: true, severity: 'low', thresholds: { unused_days: UNUSED_DAYS } },
  *judge(scene: AuditScene): Steps<readonly AuditVerdict[]> {
    const measure = measureOf(scene);
    const people = identitiesIn(scene.parsed.access ?? []).filter(
      ({ identity: { kind } }) => kind === 'user' || kind === 'role',
    );
    return yield* mapped(people, (access) => verdictOn(access, measure));
  },
};

export function measureOf(scene: AuditScene): Measure {
  const { generatedAt, seen } = scene;
  return { days: threshold(scene, 'unused_days', UNUSED_DAYS), generatedAt, seen };
}

function verdictOn(access: IdentityAccess, measure: Measure): AuditVerdict {
  const { kind, id, name, createdAt } = access.identity;
  const answers = judgedServices(access, measure).map(({ unused }) => unused);
  const isUntold = access.isPartial || answers.includes('unknown');
  return {
    status: answers.includes('yes') ? 'fail' : isUntold ? 'unknown' : 'pass',
    subject: { identity: { kind, id, name } },
    createdAt,
  };
}
