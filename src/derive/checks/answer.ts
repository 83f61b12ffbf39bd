import type { Instant } from '../../domain/instant.ts';
import { type AccessKeyRecord, type CredentialRecord, type Field, valueOf } from '../../domain/record.ts';

export const DAY_MS = 86_400_000;

export type Answer = 'yes' | 'no' | 'unknown';

/** What cannot apply, or does not exist, is no answer of the cloud's: each question has its own. */
export function answerOf(field: Field<boolean>, whenNotApplicable: Answer = 'no'): Answer {
  if ('value' in field) return field.value ? 'yes' : 'no';
  return field.reason === 'unknown' ? 'unknown' : whenNotApplicable;
}

/** Whole days of 24 hours that have gone by. */
export function daysSince(instant: Instant, generatedAt: Instant): number {
  return Math.floor((generatedAt - instant) / DAY_MS);
}

/** Since when nobody used it: the last use, or where there was none, since it could have been used. */
export type Idle = { readonly since: Instant } | { readonly atEarliest: Instant | undefined };

/** `born`, or else `olderBorn`, is the moment to count from when it was never used. One that is not told makes the answer a bound only. */
export function idleOf(lastUsed: Field<Instant>, born: Field<Instant>, olderBorn: Field<Instant> = born): Idle {
  if ('value' in lastUsed) return { since: lastUsed.value };
  const known = valueOf(born) ?? valueOf(olderBorn);
  const wasNeverUsed = lastUsed.reason === 'never' || lastUsed.reason === 'absent';
  if (wasNeverUsed && known !== undefined) return { since: known };
  return { atEarliest: known && Math.min(known, valueOf(olderBorn) ?? known) };
}

/** Whether it was idle for so many whole days. What is younger than that was not, whatever is not told. */
export function isIdleFor(idle: Idle, days: number, generatedAt: Instant): Answer {
  if ('since' in idle) return daysSince(idle.since, generatedAt) >= days ? 'yes' : 'no';
  const { atEarliest } = idle;
  return atEarliest !== undefined && daysSince(atEarliest, generatedAt) < days ? 'no' : 'unknown';
}

/** All of them, as far as is told. */
export function allOf(...answers: readonly Answer[]): Answer {
  let all: Answer = 'yes';
  for (const answer of answers) {
    if (answer === 'no') return answer;
    if (answer === 'unknown') all = answer;
  }
  return all;
}

export function not(answer: Answer): Answer {
  if (answer === 'unknown') return answer;
  return answer === 'yes' ? 'no' : 'yes';
}

export function anyOf(...answers: readonly Answer[]): Answer {
  return anyIs(answers, itself);
}

function itself(answer: Answer): Answer {
  return answer;
}

/** Whether it is so of any. */
export function anyIs<T>(all: readonly T[], isSo: (one: T) => Answer): Answer {
  let any: Answer = 'no';
  for (const one of all) {
    const answer = isSo(one);
    if (answer === 'yes') return answer;
    if (answer === 'unknown') any = answer;
  }
  return any;
}

export function isActive({ active }: { readonly active: Field<boolean> }): Answer {
  return answerOf(active);
}

export function canSignIn({ console }: CredentialRecord): Answer {
  return answerOf(console.enabled);
}

/** To sign in with: users of WeCom scan a code in its place. */
export function hasPassword(record: CredentialRecord): Answer {
  const { passwordChangedAt } = record.console;
  const hasNone = 'reason' in passwordChangedAt && passwordChangedAt.reason === 'absent';
  return hasNone || record.identity.kind === 'wecom_user' ? 'no' : canSignIn(record);
}

/** A sign-in or the use of a key, at that moment or later. */
export function wasUsedSince({ console, accessKeys }: CredentialRecord, earliest: Instant): Answer {
  const isKeyUsed = anyIs(accessKeys, (key) => isSince(key.lastUsedAt, earliest));
  return anyOf(isSince(console.lastUsedAt, earliest), isKeyUsed);
}

function isSince(use: Field<Instant>, earliest: Instant): Answer {
  if ('value' in use) return use.value >= earliest ? 'yes' : 'no';
  return use.reason === 'unknown' ? 'unknown' : 'no';
}

export const NEVER: Field<Instant> = { reason: 'never' };

export function lastUseOf({ lastUsedAt, isPresumedUnused }: AccessKeyRecord): Field<Instant> {
  return isPresumedUnused === true ? NEVER : lastUsedAt;
}
