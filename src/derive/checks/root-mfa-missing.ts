import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import { type Answer, allOf, answerOf, not } from './answer.ts';
import type { Check, Verdict } from './check.ts';
import { alibabaControls, awsControls } from './controls.ts';
import { NONE, verdictOn } from './verdicts.ts';

/** Older reports do not say whether the root has a password (`not_supported`): then it has one. */
export const rootMfaMissing: Check = {
  id: 'root.mfa.missing',
  title: 'The root user can sign in without MFA',
  remediation:
    'Register an MFA device for the root user, or remove its password where the organisation manages root access.',
  controls: {
    aws: awsControls({
      cis: ['1.5', '1.5', '1.4', '2.4', '2.5'],
      securityHub: 'IAM.9',
      prowler: 'iam_root_mfa_enabled',
    }),
    alibaba: alibabaControls({ cis: ['1.3', '1.3'] }),
  },
  defaults: { enabled: true, severity: 'critical', thresholds: {} },
  judge(record: CredentialRecord, generatedAt: Instant): readonly Verdict[] {
    if (record.identity.kind !== 'root') return NONE;
    return verdictOn(record, generatedAt, allOf(hasRootPassword(record), not(answerOf(record.mfa, 'unknown'))));
  },
};

/** In GovCloud the root has no way into the console, and can have no MFA. */
const WITHOUT_CONSOLE = 'arn:aws-us-gov:';

export function hasRootPassword({ identity, console: { enabled } }: CredentialRecord): Answer {
  if (identity.id.startsWith(WITHOUT_CONSOLE)) return 'no';
  const isAbsent = 'reason' in enabled && enabled.reason === 'absent';
  return isAbsent ? 'no' : answerOf(enabled, 'yes');
}
