import type { Instant } from '../../domain/instant.ts';
import type { AccessKeyRecord, CredentialRecord } from '../../domain/record.ts';
import { accessKeyOf, type Credential } from '../credential.ts';
import type { Answer } from './answer.ts';
import { isYoungerThanReport, type Verdict } from './check.ts';

/** No verdict: it passed, or does not apply. One array for all. */
export const NONE: readonly Verdict[] = [];

const FAIL: readonly Verdict[] = [{ status: 'fail' }];
const UNKNOWN: readonly Verdict[] = [{ status: 'unknown' }];

/** Of the identity itself. `wrong` answers whether something is wrong. */
export function verdictOn(record: CredentialRecord, generatedAt: Instant, wrong: Answer): readonly Verdict[] {
  if (wrong === 'no') return NONE;
  return wrong === 'unknown' || isYoungerThanReport(record, generatedAt) ? UNKNOWN : FAIL;
}

type IsWrong<T> = (one: T, days: number, generatedAt: Instant) => Answer;

/** Of each credential. What the answers go by is handed on: a function of its own for each record would be most of the work. */
export function verdictsOn<T>(
  record: CredentialRecord,
  generatedAt: Instant,
  all: readonly T[],
  credentialOf: (one: T) => Credential,
  isWrong: IsWrong<T>,
  days = 0,
): readonly Verdict[] {
  let verdicts = NONE;
  for (const one of all) {
    const wrong = isYoungerThanReport(record, generatedAt) ? 'unknown' : isWrong(one, days, generatedAt);
    if (wrong === 'no') continue;
    const verdict: Verdict = { status: wrong === 'yes' ? 'fail' : 'unknown', credential: credentialOf(one) };
    verdicts = verdicts === NONE ? [verdict] : [...verdicts, verdict];
  }
  return verdicts;
}

export function verdictsOnKeys(
  record: CredentialRecord,
  generatedAt: Instant,
  isWrong: IsWrong<AccessKeyRecord>,
  days?: number,
): readonly Verdict[] {
  return verdictsOn(record, generatedAt, record.accessKeys, accessKeyOf, isWrong, days);
}
