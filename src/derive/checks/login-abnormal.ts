import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import { answerOf } from './answer.ts';
import type { Check, Verdict } from './check.ts';
import { NONE, verdictOn } from './verdicts.ts';

/** In the last 30 days, as Tencent Cloud counts them. */
export const loginAbnormal: Check = {
  id: 'login.abnormal',
  title: 'The cloud saw abnormal sign-ins of a user',
  remediation:
    'Ask the user, look at the sign-ins in the audit trail, and change the password and the keys if they were not theirs.',
  controls: {},
  defaults: { enabled: true, severity: 'high', thresholds: {} },
  judge(record: CredentialRecord, generatedAt: Instant): readonly Verdict[] {
    const { abnormalLogins } = record;
    return abnormalLogins === undefined ? NONE : verdictOn(record, generatedAt, answerOf(abnormalLogins));
  },
};
