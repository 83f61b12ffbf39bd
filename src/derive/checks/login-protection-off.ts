import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord, Field } from '../../domain/record.ts';
import { type Answer, allOf, answerOf, anyOf, canSignIn, not } from './answer.ts';
import { type Check, isUser, type Verdict } from './check.ts';
import { NONE, verdictOn } from './verdicts.ts';

/** Tencent Cloud can ask for a second factor at sign-in, and again before what is sensitive. */
export const loginProtectionOff: Check = {
  id: 'login.protection_off',
  title: 'A user who can sign in has login or operation protection switched off',
  remediation: 'Switch on login protection and operation protection for the user.',
  controls: {},
  defaults: { enabled: true, severity: 'medium', thresholds: {} },
  judge(record: CredentialRecord, generatedAt: Instant): readonly Verdict[] {
    const { loginProtection, operationProtection } = record;
    if (!isUser(record) || (loginProtection === undefined && operationProtection === undefined)) return NONE;
    const isOff = anyOf(off(loginProtection), off(operationProtection));
    return verdictOn(record, generatedAt, allOf(canSignIn(record), isOff));
  },
};

function off(protection: Field<boolean> | undefined): Answer {
  return protection === undefined ? 'no' : not(answerOf(protection, 'yes'));
}
