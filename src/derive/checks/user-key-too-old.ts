import type { Instant } from '../../domain/instant.ts';
import type { AccessKeyRecord, CredentialRecord } from '../../domain/record.ts';
import { valueOf } from '../../domain/record.ts';
import type { Rule } from '../../domain/rules.ts';
import type { Check, Verdict } from './check.ts';
import { checkedKey, isYoungerThanReport } from './check.ts';

const DAY_MS = 86_400_000;
const MAX_AGE_DAYS = 90;

/** CIS AWS 1.13 and 1.14 by version, Security Hub IAM.3: rotated every 90 days or less, so 91 whole days are too many. */
export const userKeyTooOld: Check = {
  id: 'user.key.too_old',
  title: 'An active access key is older than allowed',
  defaults: { enabled: true, severity: 'medium', thresholds: { max_age_days: MAX_AGE_DAYS } },
  judge(record: CredentialRecord, generatedAt: Instant, rule: Rule): readonly Verdict[] {
    if (record.identity.kind === 'root' || record.accessKeys.length === 0) return [];
    const maxAgeDays = rule.thresholds['max_age_days'] ?? MAX_AGE_DAYS;
    const isYoung = isYoungerThanReport(record, generatedAt);
    return record.accessKeys.flatMap((key) => {
      const status = isYoung ? 'unknown' : judgeKey(key, generatedAt, maxAgeDays);
      return status === 'pass' ? [] : [{ status, credential: checkedKey(key) }];
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
