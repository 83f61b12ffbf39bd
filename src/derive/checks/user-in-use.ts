import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import type { Rule } from '../../domain/rules.ts';
import { DAY_MS, wasUsedSince } from './answer.ts';
import { type Check, isUser, type Verdict } from './check.ts';
import { awsControls } from './controls.ts';
import { NONE, verdictOn } from './verdicts.ts';

const USED_DAYS = 15;

/** Off by default: for those who have moved everybody to federation. */
export const userInUse: Check = {
  id: 'user.in_use',
  title: 'A long-lived user is in use',
  remediation: 'Let people sign in through the identity provider, and programs use roles.',
  controls: {
    aws: awsControls({ cis: ['1.21', '1.21', '1.20', '2.20', '2.19'], prowler: 'iam_check_saml_providers_sts' }),
  },
  defaults: { enabled: false, severity: 'informational', thresholds: { used_days: USED_DAYS } },
  judge(record: CredentialRecord, generatedAt: Instant, rule: Rule): readonly Verdict[] {
    if (!isUser(record)) return NONE;
    const earliest = generatedAt - (rule.thresholds['used_days'] ?? USED_DAYS) * DAY_MS;
    return verdictOn(record, generatedAt, wasUsedSince(record, earliest));
  },
};
