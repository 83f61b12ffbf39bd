import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import { allOf, anyIs, hasPassword, isActive } from './answer.ts';
import { type Check, isUser, type Verdict } from './check.ts';
import { NONE, verdictOn } from './verdicts.ts';

/** One user for a person and for a program: neither can be taken away alone. */
export const userPasswordAndKey: Check = {
  id: 'user.password_and_key',
  title: 'A user has a console password and an active access key',
  remediation: 'Give people a password and programs a key: two users, or better a role for the program.',
  controls: {},
  defaults: { enabled: true, severity: 'low', thresholds: {} },
  judge(record: CredentialRecord, generatedAt: Instant): readonly Verdict[] {
    if (!isUser(record) || record.accessKeys.length === 0) return NONE;
    const hasKey = anyIs(record.accessKeys, isActive);
    return verdictOn(record, generatedAt, allOf(hasPassword(record), hasKey));
  },
};
