import type { Instant } from '../../domain/instant.ts';
import type { AccessKeyRecord, CredentialRecord } from '../../domain/record.ts';
import type { Rule } from '../../domain/rules.ts';
import { type Answer, allOf, idleOf, isActive, isIdleFor, lastUseOf } from './answer.ts';
import { type Check, isUser, type Verdict } from './check.ts';
import { awsControls } from './controls.ts';
import { NONE, verdictsOnKeys } from './verdicts.ts';

const UNUSED_DAYS = 45;

/** 45 days are too many: the benchmark says less than that. A key that was never used counts from its creation. */
export const userKeyUnused: Check = {
  id: 'user.key.unused',
  title: 'An active access key is not used',
  remediation: 'Deactivate the access key, wait whether anything breaks, and delete it.',
  controls: {
    aws: awsControls({
      cis: ['1.12', '1.12', '1.11', '2.11', '2.11'],
      securityHub: ['IAM.22', 'IAM.8'],
      prowler: 'iam_user_accesskey_unused',
    }),
  },
  defaults: { enabled: true, severity: 'medium', thresholds: { unused_days: UNUSED_DAYS } },
  judge(record: CredentialRecord, generatedAt: Instant, rule: Rule): readonly Verdict[] {
    if (!isUser(record)) return NONE;
    const days = rule.thresholds['unused_days'] ?? UNUSED_DAYS;
    return verdictsOnKeys(record, generatedAt, isUnused, days);
  },
};

function isUnused(key: AccessKeyRecord, days: number, generatedAt: Instant): Answer {
  return allOf(isActive(key), isIdleFor(idleOf(lastUseOf(key), key.createdAt), days, generatedAt));
}
