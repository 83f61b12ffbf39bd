import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import { anyOf } from './answer.ts';
import type { Check, Scene, Verdict } from './check.ts';
import { awsControls } from './controls.ts';
import { hasRootPassword } from './root-mfa-missing.ts';
import { NONE, verdictOn } from './verdicts.ts';

/** Where nobody asked, nothing is wrong. */
const ANSWERS = { managed: 'no', not_managed: 'yes', unknown: 'unknown' } as const;

/** Off by default: for organisations that manage root access centrally. The management account keeps its root; there it counts whether the members' are managed. */
export const orgRootCredsPresent: Check = {
  id: 'org.root_creds.present',
  title:
    'Root access is not central: a member has root credentials of its own, or the organization does not manage them',
  remediation:
    "Let the organization manage its members' root credentials (IAM, centralised root access), then delete those that a member has.",
  controls: {
    aws: awsControls({ cis: ['-', '-', '-', '-', '2.1.1'], prowler: 'iam_root_credentials_management_enabled' }),
  },
  revision: 2,
  defaults: { enabled: false, severity: 'medium', thresholds: {} },
  judge(record: CredentialRecord, generatedAt: Instant, _rule: unknown, scene: Scene): readonly Verdict[] {
    const { provider, management } = scene;
    if (record.identity.kind !== 'root' || provider !== 'aws') return NONE;
    if (management !== undefined) return verdictOn(record, generatedAt, ANSWERS[management.root_access ?? 'managed']);
    const hasMore = record.accessKeys.length + record.certificates.length > 0;
    return verdictOn(record, generatedAt, anyOf(hasRootPassword(record), hasMore ? 'yes' : 'no'));
  },
};
