import type { Instant } from '../../domain/instant.ts';
import type { AccessKeyRecord, CredentialRecord } from '../../domain/record.ts';
import type { Rule } from '../../domain/rules.ts';
import { type Answer, allOf, answerOf, daysSince, not } from './answer.ts';
import { type Check, isUser, type Verdict } from './check.ts';
import { NONE, verdictsOnKeys } from './verdicts.ts';

const LEFT_DAYS = 30;

/** When it was deactivated the report does not say: it counts from the creation, and more than 30 days are too many. */
export const userKeyInactiveLeft: Check = {
  id: 'user.key.inactive_left',
  title: 'An inactive access key was not deleted',
  remediation: 'Delete the access key: one click makes it active again.',
  controls: {},
  defaults: { enabled: true, severity: 'low', thresholds: { left_days: LEFT_DAYS } },
  judge(record: CredentialRecord, generatedAt: Instant, rule: Rule): readonly Verdict[] {
    if (!isUser(record)) return NONE;
    const days = rule.thresholds['left_days'] ?? LEFT_DAYS;
    return verdictsOnKeys(record, generatedAt, isLeft, days);
  },
};

function isLeft({ active, createdAt }: AccessKeyRecord, days: number, generatedAt: Instant): Answer {
  const isInactive = not(answerOf(active, 'unknown'));
  if (!('value' in createdAt)) return allOf(isInactive, 'unknown');
  return daysSince(createdAt.value, generatedAt) > days ? isInactive : 'no';
}
