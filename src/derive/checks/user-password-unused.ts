import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import type { Rule } from '../../domain/rules.ts';
import { allOf, hasPassword, idleOf, isIdleFor } from './answer.ts';
import { type Check, isUser, type Scene, type Verdict } from './check.ts';
import { alibabaControls, awsControls } from './controls.ts';
import { NONE, verdictOn } from './verdicts.ts';

const UNUSED_DAYS = 45;
const UNUSED_DAYS_ALIBABA = 90;

/** 45 days are too many: the benchmark says less than that. Never used counts from the password's change, else from the user's creation. */
export const userPasswordUnused: Check = {
  id: 'user.password.unused',
  title: 'A console password is not used',
  remediation: 'Remove the console password, or the user if nothing else of it is used.',
  controls: {
    aws: awsControls({
      cis: ['1.12', '1.12', '1.11', '2.11', '2.11'],
      securityHub: ['IAM.22', 'IAM.8'],
      prowler: 'iam_user_console_access_unused',
    }),
    alibaba: alibabaControls({ cis: ['1.5', '1.5'], prowler: 'ram_user_console_access_unused' }),
  },
  defaults: {
    enabled: true,
    severity: 'medium',
    thresholds: { unused_days: UNUSED_DAYS, unused_days_alibaba: UNUSED_DAYS_ALIBABA },
  },
  judge(record: CredentialRecord, generatedAt: Instant, rule: Rule, { provider }: Scene): readonly Verdict[] {
    const signsIn = isUser(record) ? hasPassword(record) : 'no';
    if (signsIn === 'no') return NONE;
    const { lastUsedAt, passwordChangedAt } = record.console;
    const days =
      provider === 'alibaba'
        ? daysIn(rule, 'unused_days_alibaba', UNUSED_DAYS_ALIBABA)
        : daysIn(rule, 'unused_days', UNUSED_DAYS);
    const idle = idleOf(lastUsedAt, passwordChangedAt, record.identity.createdAt);
    return verdictOn(record, generatedAt, allOf(signsIn, isIdleFor(idle, days, generatedAt)));
  },
};

function daysIn({ thresholds }: Rule, name: string, otherwise: number): number {
  return thresholds[name] ?? otherwise;
}
