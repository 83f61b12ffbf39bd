import type { Instant } from '../../domain/instant.ts';
import type { AccessKeyRecord, CredentialRecord } from '../../domain/record.ts';
import type { Rule } from '../../domain/rules.ts';
import { type Answer, allOf, daysSince, hasPassword, isActive, lastUseOf } from './answer.ts';
import { type Check, isUser, type Verdict } from './check.ts';
import { awsControls } from './controls.ts';
import { NONE, verdictsOnKeys } from './verdicts.ts';

const GRACE_DAYS = 0;

/** A key that was made because a form offered it. `grace_days` leaves new keys alone for so long. */
export const userKeyNeverUsed: Check = {
  id: 'user.key.never_used',
  title: 'A user with a console password has an active access key that was never used',
  remediation: 'Delete the access key: make one when it is needed.',
  controls: {
    aws: awsControls({ cis: ['1.11', '1.11', '1.10', '2.10', '-'], prowler: 'iam_user_no_setup_initial_access_key' }),
  },
  defaults: { enabled: true, severity: 'medium', thresholds: { grace_days: GRACE_DAYS } },
  judge(record: CredentialRecord, generatedAt: Instant, rule: Rule): readonly Verdict[] {
    const signsIn = isUser(record) ? hasPassword(record) : 'no';
    if (signsIn === 'no') return NONE;
    const graceDays = rule.thresholds['grace_days'] ?? GRACE_DAYS;
    return verdictsOnKeys(record, generatedAt, signsIn === 'yes' ? isLeftOver : isPerhapsLeftOver, graceDays);
  },
};

function isLeftOver(key: AccessKeyRecord, graceDays: number, generatedAt: Instant): Answer {
  return allOf(isActive(key), wasNeverUsed(key), isOlder(key, generatedAt, graceDays));
}

/** Whether there is a password is not told. */
function isPerhapsLeftOver(key: AccessKeyRecord, graceDays: number, generatedAt: Instant): Answer {
  return allOf(isLeftOver(key, graceDays, generatedAt), 'unknown');
}

function wasNeverUsed(key: AccessKeyRecord): Answer {
  const lastUsedAt = lastUseOf(key);
  if ('value' in lastUsedAt) return 'no';
  if (lastUsedAt.reason === 'never') return 'yes';
  return lastUsedAt.reason === 'unknown' ? 'unknown' : 'no';
}

function isOlder({ createdAt }: AccessKeyRecord, generatedAt: Instant, days: number): Answer {
  if (days === 0) return 'yes';
  if (!('value' in createdAt)) return 'unknown';
  return daysSince(createdAt.value, generatedAt) >= days ? 'yes' : 'no';
}
