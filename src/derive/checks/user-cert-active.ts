import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import { certificateOf } from '../credential.ts';
import { isActive } from './answer.ts';
import { type Check, isUser, type Verdict } from './check.ts';
import { NONE, verdictsOn } from './verdicts.ts';

/** One finding for each certificate. The root has a check of its own. */
export const userCertActive: Check = {
  id: 'user.cert.active',
  title: 'A user has an active signing certificate',
  remediation: 'Deactivate the signing certificate if nothing signs requests with it, and delete it.',
  controls: {},
  defaults: { enabled: true, severity: 'low', thresholds: {} },
  judge(record: CredentialRecord, generatedAt: Instant): readonly Verdict[] {
    if (!isUser(record)) return NONE;
    return verdictsOn(record, generatedAt, record.certificates, certificateOf, isActive);
  },
};
