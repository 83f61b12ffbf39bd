import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import type { Rule } from '../../domain/rules.ts';
import { type Answer, allOf, answerOf, anyOf, idleOf, isIdleFor, lastUseOf } from './answer.ts';
import { type Check, isUser, type Scene, type Verdict } from './check.ts';
import { NONE, verdictOn } from './verdicts.ts';

const INACTIVE_DAYS = 90;

/** No sign-in and no use of a key for 90 days, or nothing that it could be used with. */
export const userInactive: Check = {
  id: 'user.inactive',
  title: 'A user is not used',
  remediation: 'Ask the owner whether the user is still needed, and delete it.',
  controls: {},
  defaults: { enabled: true, severity: 'low', thresholds: { inactive_days: INACTIVE_DAYS } },
  judge(record: CredentialRecord, generatedAt: Instant, rule: Rule, { provider }: Scene): readonly Verdict[] {
    if (!isUser(record)) return NONE;
    const signsIn = signInOf(record, provider);
    const days = rule.thresholds['inactive_days'] ?? INACTIVE_DAYS;
    const wrong = isUsable(record, signsIn) === 'no' ? 'yes' : isIdle(record, signsIn, generatedAt, days);
    return verdictOn(record, generatedAt, wrong);
  },
};

/** A collaborator signs in with an account of its own; a user of Alibaba Cloud who has no password may, at an identity provider's. */
function signInOf({ console: { enabled, lastUsedAt } }: CredentialRecord, provider: string): Answer {
  const answer = answerOf(enabled, 'unknown');
  return answer === 'no' && provider === 'alibaba' && 'value' in lastUsedAt ? 'unknown' : answer;
}

function isUsable({ accessKeys, certificates, serviceCredentials = [] }: CredentialRecord, signsIn: Answer): Answer {
  const credentials = [...accessKeys, ...certificates, ...serviceCredentials];
  return anyOf(signsIn, ...credentials.map(({ active }) => answerOf(active)));
}

/** What was never used counts from when it could have been. Of certificates and service credentials no use is told. */
function isIdle(record: CredentialRecord, signsIn: Answer, generatedAt: Instant, days: number): Answer {
  const { identity, console, accessKeys, certificates, serviceCredentials = [] } = record;
  const born = [identity.createdAt];
  const idles = [
    idleOf({ reason: 'never' }, born),
    ...(signsIn !== 'no' ? [idleOf(console.lastUsedAt, [console.passwordChangedAt, ...born])] : []),
    ...accessKeys.map((key) => idleOf(lastUseOf(key), [key.createdAt])),
  ];
  const isUntold = [...certificates, ...serviceCredentials].some(({ active }) => answerOf(active) !== 'no');
  return allOf(...idles.map((idle) => isIdleFor(idle, days, generatedAt)), isUntold ? 'unknown' : 'yes');
}
