import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import type { Rule } from '../../domain/rules.ts';
import { DAY_MS, wasUsedSince } from './answer.ts';
import type { Check, Verdict } from './check.ts';
import { alibabaControls, awsControls } from './controls.ts';
import { NONE, verdictOn } from './verdicts.ts';

const USED_DAYS = 1;

/** A sign-in or the use of a key, not longer ago than the given days of 24 hours. */
export const rootUsedRecently: Check = {
  id: 'root.used.recently',
  title: 'The root user was used lately',
  remediation: 'Find out who used the root user and what for, and do the same with a role or a user from now on.',
  controls: {
    aws: awsControls({
      cis: ['1.7', '1.7', '1.6', '2.6', '2.7'],
      securityHub: ['IAM.20', 'CloudWatch.1'],
      prowler: 'iam_avoid_root_usage',
    }),
    alibaba: alibabaControls({ cis: ['1.1', '1.1'] }),
  },
  defaults: { enabled: true, severity: 'high', thresholds: { used_days: USED_DAYS } },
  judge(record: CredentialRecord, generatedAt: Instant, rule: Rule): readonly Verdict[] {
    if (record.identity.kind !== 'root') return NONE;
    const earliest = generatedAt - (rule.thresholds['used_days'] ?? USED_DAYS) * DAY_MS;
    return verdictOn(record, generatedAt, wasUsedSince(record, earliest));
  },
};
