import type { Instant } from '../../domain/instant.ts';
import type { AccessKeyRecord, CredentialRecord, Field } from '../../domain/record.ts';

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

/** `born` are the moments to count from when it was never used, best first. One that is not told makes the answer a bound only. */
export function idleOf(lastUsed: Field<Instant>, born: readonly Field<Instant>[]): Idle {
  if ('value' in lastUsed) return { since: lastUsed.value };
  const known = born.flatMap((field) => ('value' in field ? [field.value] : []));
  const wasNeverUsed = lastUsed.reason === 'never' || lastUsed.reason === 'absent';
  const [first] = known;
  if (wasNeverUsed && first !== undefined) return { since: first };
  return { atEarliest: known.length === 0 ? undefined : Math.min(...known) };
}

/** Whether it was idle for so many whole days. What is younger than that was not, whatever is not told. */
export function isIdleFor(idle: Idle, days: number, generatedAt: Instant): Answer {
  if ('since' in idle) return daysSince(idle.since, generatedAt) >= days ? 'yes' : 'no';
  const { atEarliest } = idle;
  return atEarliest !== undefined && daysSince(atEarliest, generatedAt) < days ? 'no' : 'unknown';
}

/** All of them, as far as is told. */
export function allOf(...answers: readonly Answer[]): Answer {
  if (answers.includes('no')) return 'no';
  return answers.includes('unknown') ? 'unknown' : 'yes';
}

export function not(answer: Answer): Answer {
  if (answer === 'unknown') return answer;
  return answer === 'yes' ? 'no' : 'yes';
}

export function anyOf(...answers: readonly Answer[]): Answer {
  if (answers.includes('yes')) return 'yes';
  return answers.includes('unknown') ? 'unknown' : 'no';
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
  return anyOf(isSince(console.lastUsedAt, earliest), ...accessKeys.map((key) => isSince(key.lastUsedAt, earliest)));
}

function isSince(use: Field<Instant>, earliest: Instant): Answer {
  if ('value' in use) return use.value >= earliest ? 'yes' : 'no';
  return use.reason === 'unknown' ? 'unknown' : 'no';
}

const NEVER: Field<Instant> = { reason: 'never' };

export function lastUseOf({ lastUsedAt, isPresumedUnused }: AccessKeyRecord): Field<Instant> {
  return isPresumedUnused === true ? NEVER : lastUsedAt;
}
