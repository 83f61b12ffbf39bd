import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import { allOf, answerOf, canSignIn, not } from './answer.ts';
import type { Check, Verdict } from './check.ts';
import { alibabaControls, awsControls } from './controls.ts';
import { NONE, verdictOn } from './verdicts.ts';

/** Where MFA cannot apply, although somebody can sign in, nothing is known: Tencent Cloud says so of users who have bound no phone. */
export const userConsoleNoMfa: Check = {
  id: 'user.console.no_mfa',
  title: 'A user can sign in to the console without MFA',
  remediation: 'Register an MFA device for the user, or remove the console password.',
  controls: {
    aws: awsControls({
      cis: ['1.10', '1.10', '1.9', '2.9', '2.10'],
      securityHub: 'IAM.5',
      prowler: 'iam_user_mfa_enabled_console_access',
    }),
    alibaba: alibabaControls({ cis: ['1.4', '1.4'], prowler: 'ram_user_mfa_enabled_console_access' }),
  },
  defaults: { enabled: true, severity: 'high', thresholds: {} },
  judge(record: CredentialRecord, generatedAt: Instant): readonly Verdict[] {
    if (record.identity.kind === 'root') return NONE;
    return verdictOn(record, generatedAt, allOf(canSignIn(record), not(answerOf(record.mfa, 'unknown'))));
  },
};
