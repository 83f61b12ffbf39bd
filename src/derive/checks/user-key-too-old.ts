import type { Instant } from '../../domain/instant.ts';
import type { AccessKeyRecord, CredentialRecord } from '../../domain/record.ts';
import { valueOf } from '../../domain/record.ts';
import type { Rule } from '../../domain/rules.ts';
import { type Answer, daysSince } from './answer.ts';
import type { Check, Verdict } from './check.ts';
import { alibabaControls, awsControls } from './controls.ts';
import { NONE, verdictsOnKeys } from './verdicts.ts';

const MAX_AGE_DAYS = 90;

/** Rotated every 90 days or less, so 91 whole days are too many. */
export const userKeyTooOld: Check = {
  id: 'user.key.too_old',
  title: 'An active access key is older than allowed',
  remediation: 'Make a new access key, move what uses the old one to it, and delete the old one.',
  controls: {
    aws: awsControls({
      cis: ['1.14', '1.14', '1.13', '2.13', '2.12'],
      securityHub: 'IAM.3',
      prowler: 'iam_rotate_access_key_90_days',
    }),
    alibaba: alibabaControls({ cis: ['1.6', '1.6'], prowler: 'ram_rotate_access_key_90_days' }),
  },
  defaults: { enabled: true, severity: 'medium', thresholds: { max_age_days: MAX_AGE_DAYS } },
  judge(record: CredentialRecord, generatedAt: Instant, rule: Rule): readonly Verdict[] {
    if (record.identity.kind === 'root') return NONE;
    const days = rule.thresholds['max_age_days'] ?? MAX_AGE_DAYS;
    return verdictsOnKeys(record, generatedAt, isTooOld, days);
  },
};

function isTooOld(key: AccessKeyRecord, days: number, generatedAt: Instant): Answer {
  const active = valueOf(key.active);
  const createdAt = valueOf(key.createdAt);
  if (active === false) return 'no';
  if (createdAt === undefined) return 'unknown';
  if (daysSince(createdAt, generatedAt) <= days) return 'no';
  return active === undefined ? 'unknown' : 'yes';
}
