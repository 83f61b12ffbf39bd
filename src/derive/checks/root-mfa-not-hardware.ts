import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import { allOf, answerOf, not } from './answer.ts';
import type { Check, Verdict } from './check.ts';
import { awsControls } from './controls.ts';
import { NONE, verdictOn } from './verdicts.ts';

/** A report says that there is MFA, not which: this is known only where Muster was told to ask (`root_mfa`). */
export const rootMfaNotHardware: Check = {
  id: 'root.mfa.not_hardware',
  title: 'The root user has a virtual MFA device',
  remediation: 'Register a security key or another hardware device for the root user, and remove the virtual one.',
  controls: {
    aws: awsControls({
      cis: ['1.6', '1.6', '1.5', '2.5', '2.6'],
      securityHub: 'IAM.6',
      prowler: 'iam_root_hardware_mfa_enabled',
    }),
  },
  defaults: { enabled: true, severity: 'critical', thresholds: {} },
  judge(record: CredentialRecord, generatedAt: Instant): readonly Verdict[] {
    const { hardwareMfa, mfa } = record;
    if (record.identity.kind !== 'root' || hardwareMfa === undefined) return NONE;
    return verdictOn(record, generatedAt, allOf(answerOf(mfa), not(answerOf(hardwareMfa, 'yes'))));
  },
  isUntold({ identity, hardwareMfa, mfa }: CredentialRecord): boolean {
    return identity.kind === 'root' && hardwareMfa === undefined && answerOf(mfa) !== 'no';
  },
};
