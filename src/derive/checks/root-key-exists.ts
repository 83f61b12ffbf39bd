import type { AccessKeyRecord, CredentialRecord } from '../../domain/record.ts';
import { valueOf } from '../../domain/record.ts';
import { accessKeyOf } from '../credential.ts';
import type { Check, Verdict } from './check.ts';
import { alibabaControls, awsControls } from './controls.ts';

/** An inactive key is a warning: one click brings it back. */
export const rootKeyExists: Check = {
  id: 'root.key.exists',
  title: 'The root user has an access key',
  remediation: 'Delete the access keys of the root user, and use a role or a user in their place.',
  controls: {
    aws: awsControls({
      cis: ['1.4', '1.4', '1.3', '2.3', '2.4'],
      securityHub: 'IAM.4',
      prowler: 'iam_no_root_access_key',
    }),
    alibaba: alibabaControls({ cis: ['1.2', '1.2'], prowler: 'ram_no_root_access_key' }),
  },
  defaults: { enabled: true, severity: 'critical', thresholds: {} },
  judge(record: CredentialRecord): readonly Verdict[] {
    return record.identity.kind === 'root' ? record.accessKeys.map(judgeKey) : [];
  },
};

function judgeKey(key: AccessKeyRecord): Verdict {
  const active = valueOf(key.active);
  const status = active === undefined ? 'unknown' : active ? 'fail' : 'warn';
  return { status, credential: accessKeyOf(key) };
}
