import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import { anyOf } from './answer.ts';
import type { Check, Scene, Verdict } from './check.ts';
import { awsControls } from './controls.ts';
import { hasRootPassword } from './root-mfa-missing.ts';
import { NONE, verdictOn } from './verdicts.ts';

/** Off by default: for organisations that manage root access centrally. Which account is the management account no report says. */
export const orgRootCredsPresent: Check = {
  id: 'org.root_creds.present',
  title: 'The root user of an account has a password, a key or a certificate of its own',
  remediation:
    "Delete the root user's credentials with centralised root access; make an exception for the management account, which keeps them.",
  controls: {
    aws: awsControls({ cis: ['-', '-', '-', '-', '2.1.1'], prowler: 'iam_root_credentials_management_enabled' }),
  },
  defaults: { enabled: false, severity: 'medium', thresholds: {} },
  judge(record: CredentialRecord, generatedAt: Instant, _rule: unknown, { provider }: Scene): readonly Verdict[] {
    if (record.identity.kind !== 'root' || provider !== 'aws') return NONE;
    const hasMore = record.accessKeys.length + record.certificates.length > 0;
    return verdictOn(record, generatedAt, anyOf(hasRootPassword(record), hasMore ? 'yes' : 'no'));
  },
};
