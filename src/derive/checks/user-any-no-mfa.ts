import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import { answerOf, not } from './answer.ts';
import { type Check, isUser, type Verdict } from './check.ts';
import { awsControls } from './controls.ts';
import { NONE, verdictOn } from './verdicts.ts';

/** Whether or not there is a password. Off by default: most users without a password need no MFA. */
export const userAnyNoMfa: Check = {
  id: 'user.any.no_mfa',
  title: 'A user has no MFA',
  remediation: 'Register an MFA device for the user, or delete the user.',
  controls: { aws: awsControls({ securityHub: 'IAM.19' }) },
  defaults: { enabled: false, severity: 'medium', thresholds: {} },
  judge(record: CredentialRecord, generatedAt: Instant): readonly Verdict[] {
    if (!isUser(record)) return NONE;
    return verdictOn(record, generatedAt, not(answerOf(record.mfa, 'yes')));
  },
};
