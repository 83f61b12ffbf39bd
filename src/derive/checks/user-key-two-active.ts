import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import { isActive } from './answer.ts';
import { type Check, isUser, type Verdict } from './check.ts';
import { awsControls } from './controls.ts';
import { NONE, verdictOn } from './verdicts.ts';

/** One finding for the user, not for a key: which of them is too many the report does not say. */
export const userKeyTwoActive: Check = {
  id: 'user.key.two_active',
  title: 'A user has more than one active access key',
  remediation: 'Move what uses the older key to the newer one, then deactivate and delete the older.',
  controls: {
    aws: awsControls({ cis: ['1.13', '1.13', '1.12', '2.12', '-'], prowler: 'iam_user_two_active_access_key' }),
  },
  defaults: { enabled: true, severity: 'medium', thresholds: {} },
  judge(record: CredentialRecord, generatedAt: Instant): readonly Verdict[] {
    if (!isUser(record) || record.accessKeys.length < 2) return NONE;
    let [active, possible] = [0, 0];
    for (const key of record.accessKeys) {
      const answer = isActive(key);
      if (answer === 'yes') active += 1;
      if (answer !== 'no') possible += 1;
    }
    return verdictOn(record, generatedAt, active > 1 ? 'yes' : possible > 1 ? 'unknown' : 'no');
  },
};
