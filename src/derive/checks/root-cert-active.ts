import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import { certificateOf } from '../credential.ts';
import { isActive } from './answer.ts';
import type { Check, Verdict } from './check.ts';
import { NONE, verdictsOn } from './verdicts.ts';

/** One finding for each certificate. */
export const rootCertActive: Check = {
  id: 'root.cert.active',
  title: 'The root user has an active signing certificate',
  remediation: 'Deactivate and delete the signing certificate of the root user.',
  controls: {},
  defaults: { enabled: true, severity: 'medium', thresholds: {} },
  judge(record: CredentialRecord, generatedAt: Instant): readonly Verdict[] {
    if (record.identity.kind !== 'root') return NONE;
    return verdictsOn(record, generatedAt, record.certificates, certificateOf, isActive);
  },
};
