import type { AccessKeyRecord, CredentialRecord } from '../../domain/record.ts';
import { valueOf } from '../../domain/record.ts';
import type { Check, Verdict } from './check.ts';
import { checkedKey } from './check.ts';

/** CIS AWS 1.3 and 1.4 by version, Security Hub IAM.4. An inactive key is a warning: one click brings it back. */
export const rootKeyExists: Check = {
  id: 'root.key.exists',
  title: 'The root user has an access key',
  defaults: { enabled: true, severity: 'critical', thresholds: {} },
  judge(record: CredentialRecord): readonly Verdict[] {
    return record.identity.kind === 'root' ? record.accessKeys.map(judgeKey) : [];
  },
};

function judgeKey(key: AccessKeyRecord): Verdict {
  const active = valueOf(key.active);
  const status = active === undefined ? 'unknown' : active ? 'fail' : 'warn';
  return { status, credential: checkedKey(key) };
}
