import type { Grant } from '../../../domain/access.ts';
import type { FindingSubject, OpenFinding } from '../../../domain/finding.ts';
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
  judge(scene: AuditScene): readonly AuditVerdict[] {
    const measure = measureOf(scene);
    const policies = new Map<string, Policy>();
    for (const access of identitiesIn(scene.parsed.access ?? [])) collect(access, measure, policies);
    return [...policies.values()].map(verdictOn);
  },
  /** Who is in a group, only the members say: where one could not be read, nothing of a group is gone. */
  isUntold({ identity }: OpenFinding, scene: AuditScene): boolean {
    const partial = untoldIdentities(scene);
    return identity.kind === 'group' ? partial.size > 0 : partial.has(identityKey(identity));
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
  const holder = holderOf(access, grant);
  const key = JSON.stringify([holder.subject.identity.kind, holder.subject.identity.id, grant.policy]);
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

function holderOf({ identity }: IdentityAccess, { policy, via }: Grant): Omit<Policy, 'answers'> {
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

/** The policy that a finding of this check is about, as a grant tells it. */
export function isGrantOf({ identity, policy }: FindingSubject, grant: Grant): boolean {
  const via = identity.kind === 'group' ? `${GROUP}${identity.id}` : undefined;
  return grant.policy === policy && grant.via === via;
}
