import type { Instant } from '../../domain/instant.ts';
import type { AccessKeyRecord, CredentialRecord } from '../../domain/record.ts';
import { valueOf } from '../../domain/record.ts';
import type { Rule } from '../../domain/rules.ts';
import { accessKeyOf } from '../credential.ts';
import type { Check, Verdict } from './check.ts';
import { isYoungerThanReport } from './check.ts';
import { alibabaControls, awsControls } from './controls.ts';

const DAY_MS = 86_400_000;
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
    if (record.identity.kind === 'root' || record.accessKeys.length === 0) return [];
    const maxAgeDays = rule.thresholds['max_age_days'] ?? MAX_AGE_DAYS;
    const isYoung = isYoungerThanReport(record, generatedAt);
    return record.accessKeys.flatMap((key) => {
      const status = isYoung ? 'unknown' : judgeKey(key, generatedAt, maxAgeDays);
      return status === 'pass' ? [] : [{ status, credential: accessKeyOf(key) }];
    });
  },
};

function judgeKey(key: AccessKeyRecord, generatedAt: Instant, maxAgeDays: number): 'pass' | 'fail' | 'unknown' {
  const active = valueOf(key.active);
  const createdAt = valueOf(key.createdAt);
  if (active === false) return 'pass';
  if (createdAt === undefined) return 'unknown';
  if (Math.floor((generatedAt - createdAt) / DAY_MS) <= maxAgeDays) return 'pass';
  return active === undefined ? 'unknown' : 'fail';
}
