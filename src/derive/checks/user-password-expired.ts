import type { Instant } from '../../domain/instant.ts';
import { type CredentialRecord, type Field, valueOf } from '../../domain/record.ts';
import type { Rule } from '../../domain/rules.ts';
import { type Answer, allOf, anyOf, daysSince, hasPassword } from './answer.ts';
import { type Check, isUser, type Verdict } from './check.ts';
import { alibabaControls, awsControls } from './controls.ts';
import { NONE, verdictOn } from './verdicts.ts';

const MAX_AGE_DAYS = 90;

/** Its time to be changed has passed, or it is more than 90 whole days old. Off by default: standards no longer ask for it. */
export const userPasswordExpired: Check = {
  id: 'user.password.expired',
  title: 'A console password is older than allowed',
  remediation: 'Have the user change the password.',
  controls: { aws: awsControls({ securityHub: 'IAM.17' }), alibaba: alibabaControls({ cis: ['1.13', '-'] }) },
  defaults: { enabled: false, severity: 'low', thresholds: { max_age_days: MAX_AGE_DAYS } },
  judge(record: CredentialRecord, generatedAt: Instant, rule: Rule): readonly Verdict[] {
    const signsIn = isUser(record) ? hasPassword(record) : 'no';
    if (signsIn === 'no') return NONE;
    const { nextRotationAt, passwordChangedAt } = record.console;
    const days = rule.thresholds['max_age_days'] ?? MAX_AGE_DAYS;
    const isOverdue = told(nextRotationAt, 'no', (next) => next < generatedAt);
    const isOld = told(passwordChangedAt, 'unknown', (changed) => daysSince(changed, generatedAt) > days);
    return verdictOn(record, generatedAt, allOf(signsIn, anyOf(isOverdue, isOld)));
  },
};

/** A rotation that is not told may be none at all: only the age is asked of every cloud. */
function told(field: Field<Instant>, otherwise: Answer, isWrong: (instant: Instant) => boolean): Answer {
  const instant = valueOf(field);
  return instant === undefined ? otherwise : isWrong(instant) ? 'yes' : 'no';
}
