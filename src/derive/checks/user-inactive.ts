import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord, ServiceCredentialRecord } from '../../domain/record.ts';
import type { Rule } from '../../domain/rules.ts';
import { type Answer, answerOf, anyIs, anyOf, idleOf, isActive, isIdleFor, lastUseOf, NEVER, not } from './answer.ts';
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
    const isInactive =
      isUsable(record, signsIn) === 'no' ? 'yes' : not(wasUsedLately(record, signsIn, generatedAt, days));
    return verdictOn(record, generatedAt, isInactive);
  },
};

const NO_SERVICES: readonly ServiceCredentialRecord[] = [];

/** A collaborator signs in with an account of its own; a user of Alibaba Cloud who has no password may, at an identity provider's. */
function signInOf({ console: { enabled, lastUsedAt } }: CredentialRecord, provider: string): Answer {
  const answer = answerOf(enabled, 'unknown');
  return answer === 'no' && provider === 'alibaba' && 'value' in lastUsedAt ? 'unknown' : answer;
}

function isUsable(record: CredentialRecord, signsIn: Answer): Answer {
  return anyOf(signsIn, anyIs(record.accessKeys, isActive), hasOthers(record));
}

/** Credentials of whose use nothing is told. */
function hasOthers({ certificates, serviceCredentials = NO_SERVICES }: CredentialRecord): Answer {
  return anyOf(anyIs(certificates, isActive), anyIs(serviceCredentials, isActive));
}

/** What was never used counts from when it could have been. */
function wasUsedLately(record: CredentialRecord, signsIn: Answer, generatedAt: Instant, days: number): Answer {
  const { identity, console, accessKeys } = record;
  const signedIn = idleOf(console.lastUsedAt, console.passwordChangedAt, identity.createdAt);
  return anyOf(
    not(isIdleFor(idleOf(NEVER, identity.createdAt), days, generatedAt)),
    signsIn === 'no' ? 'no' : not(isIdleFor(signedIn, days, generatedAt)),
    anyIs(accessKeys, (key) => not(isIdleFor(idleOf(lastUseOf(key), key.createdAt), days, generatedAt))),
    hasOthers(record) === 'no' ? 'no' : 'unknown',
  );
}
