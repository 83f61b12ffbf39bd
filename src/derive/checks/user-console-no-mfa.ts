import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord, Field } from '../../domain/record.ts';
import type { Check, Verdict } from './check.ts';
import { isYoungerThanReport } from './check.ts';

/** CIS AWS 1.9 and 1.10 by version, Security Hub IAM.5. */
export const userConsoleNoMfa: Check = {
  id: 'user.console.no_mfa',
  title: 'A user can sign in to the console without MFA',
  defaults: { enabled: true, severity: 'high', thresholds: {} },
  judge(record: CredentialRecord, generatedAt: Instant): readonly Verdict[] {
    if (record.identity.kind === 'root') return [];
    const canSignIn = answerOf(record.console.enabled, 'no');
    const hasMfa = answerOf(record.mfa, 'yes');
    if (canSignIn === 'no' || hasMfa === 'yes') return [];
    const isTold = canSignIn === 'yes' && hasMfa === 'no' && !isYoungerThanReport(record, generatedAt);
    return [{ status: isTold ? 'fail' : 'unknown' }];
  },
};

/** What cannot apply (no password, no MFA without a password) is a no to the first question and a yes to the second. */
function answerOf(field: Field<boolean>, whenNotApplicable: 'yes' | 'no'): 'yes' | 'no' | 'unknown' {
  if ('value' in field) return field.value ? 'yes' : 'no';
  return field.reason === 'unknown' ? 'unknown' : whenNotApplicable;
}
