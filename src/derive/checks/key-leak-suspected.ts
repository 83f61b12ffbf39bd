import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import { answerOf } from './answer.ts';
import type { Check, Verdict } from './check.ts';
import { verdictsOnKeys } from './verdicts.ts';

/** One finding for each key, active or not. */
export const keyLeakSuspected: Check = {
  id: 'key.leak_suspected',
  title: 'The cloud suspects that an access key has leaked',
  remediation: 'Deactivate the access key now, look at what it did in the audit trail, and replace it.',
  controls: {},
  defaults: { enabled: true, severity: 'critical', thresholds: {} },
  judge(record: CredentialRecord, generatedAt: Instant): readonly Verdict[] {
    return verdictsOnKeys(record, generatedAt, ({ atRisk }) => (atRisk === undefined ? 'no' : answerOf(atRisk)));
  },
};
