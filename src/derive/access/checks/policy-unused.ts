import type { AccessIdentity, Grant } from '../../../domain/access.ts';
import type { FindingSubject, OpenFinding } from '../../../domain/finding.ts';
import { eachOf, mapped, type Steps } from '../../../kit/steps.ts';
import { type Answer, allOf, answerOf } from '../../checks/answer.ts';
import { type IdentityAccess, identitiesIn, identityKey } from '../identities.ts';
import { judgedServices, type Measure } from '../unused.ts';
import { type AuditCheck, type AuditScene, type AuditVerdict } from './audit-check.ts';
import { measureOf } from './user-permissions-stale.ts';

const GROUP = 'group:';

/** Every service that a policy gives is unused: by its owner, or by everybody in the group that has it. */
export const policyUnused: AuditCheck = {
  id: 'policy.unused',
  kind: 'access-audit',
  title: 'Nothing that a policy grants is used',
  remediation: 'Detach the policy from the user, role or group.',
  controls: {},
  defaults: { enabled: true, severity: 'low', thresholds: { unused_days: 90 } },
  *judge(scene: AuditScene): Steps<readonly AuditVerdict[]> {
    const measure = measureOf(scene);
    const policies = new Map<string, Policy>();
    yield* eachOf(identitiesIn(scene.parsed.access ?? []), (access) => collect(access, measure, policies));
    return yield* mapped(policies.values(), verdictOn);
  },
  /** Who is in a group, only the members say: where one could not be read, nothing of a group is gone. */
  untold(scene: AuditScene): (finding: OpenFinding) => boolean {
    const partial = untoldIdentities(scene);
    return ({ identity }) => (identity.kind === 'group' ? partial.size > 0 : partial.has(identityKey(identity)));
  },
};

interface Policy extends Pick<AuditVerdict, 'subject' | 'createdAt'> {
  readonly answers: Answer[];
}

function collect(access: IdentityAccess, measure: Measure, policies: Map<string, Policy>): void {
  if (access.identity.kind === 'root') return;
  for (const { use, unused } of judgedServices(access, measure)) {
    for (const grant of use.grantedBy) policyOf(access, grant, policies).answers.push(unused);
  }
}

/** What is not told of one owner makes a bound of the answer: the policy may give more. */
function policyOf(access: IdentityAccess, grant: Grant, policies: Map<string, Policy>): Policy {
  const holder = holderOf(access.identity, grant);
  const key = policyKey(holder.subject);
  const policy = policies.get(key) ?? { ...holder, answers: [] };
  policies.set(key, policy);
  if (isUntold(access)) policy.answers.push('unknown');
  return policy;
}

/** Not all of it could be read, or of something that is granted nobody could say by which policy. */
function isUntold({ isPartial, services }: IdentityAccess): boolean {
  return isPartial || services.some(({ granted, grantedBy }) => answerOf(granted) !== 'no' && grantedBy.length === 0);
}

function untoldIdentities({ parsed }: AuditScene): ReadonlySet<string> {
  return new Set(
    identitiesIn(parsed.access ?? [])
      .filter(isUntold)
      .map(({ identity }) => identityKey(identity)),
  );
}

/** The subject of a finding about a policy: its owner, or the group that has it. */
export function holderOf(identity: AccessIdentity, { policy, via }: Grant): Omit<Policy, 'answers'> {
  if (via?.startsWith(GROUP) === true) {
    const name = via.slice(GROUP.length);
    return { subject: { identity: { kind: 'group', id: name, name }, policy } };
  }
  const { kind, id, name, createdAt } = identity;
  return { subject: { identity: { kind, id, name }, policy }, createdAt };
}

const STATUSES: Readonly<Record<Answer, AuditVerdict['status']>> = { yes: 'fail', no: 'pass', unknown: 'unknown' };

function verdictOn({ answers, ...holder }: Policy): AuditVerdict {
  return { ...holder, status: STATUSES[allOf(...answers)] };
}

/** Of a finding of this check: the same for the same policy of the same holder. */
export function policyKey({ identity, policy = '' }: FindingSubject): string {
  return JSON.stringify([identity.kind, identity.id, policy]);
}
