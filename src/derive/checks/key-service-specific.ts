import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import { serviceCredentialOf } from '../credential.ts';
import { isActive } from './answer.ts';
import type { Check, Verdict } from './check.ts';
import { verdictsOn } from './verdicts.ts';

/** CodeCommit, Bedrock and others. The report omits them: they are known only where Muster may ask. */
export const keyServiceSpecific: Check = {
  id: 'key.service_specific',
  title: 'A long-lived credential for one service exists',
  remediation: 'Use a role, or short-lived credentials, in place of the service-specific credential, and delete it.',
  controls: {},
  defaults: { enabled: true, severity: 'low', thresholds: {} },
  judge(record: CredentialRecord, generatedAt: Instant): readonly Verdict[] {
    const all = record.serviceCredentials ?? [];
    return verdictsOn(record, generatedAt, all, serviceCredentialOf, isActive);
  },
  isUntold({ serviceCredentials }: CredentialRecord): boolean {
    return serviceCredentials === undefined;
  },
};
