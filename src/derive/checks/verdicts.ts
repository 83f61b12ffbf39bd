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

/** Of each credential. */
export function verdictsOn<T>(
  record: CredentialRecord,
  generatedAt: Instant,
  all: readonly T[],
  credentialOf: (one: T) => Credential,
  isWrong: (one: T) => Answer,
): readonly Verdict[] {
  if (all.length === 0) return NONE;
  const isYoung = isYoungerThanReport(record, generatedAt);
  return all.flatMap((one): readonly Verdict[] => {
    const wrong = isYoung ? 'unknown' : isWrong(one);
    if (wrong === 'no') return NONE;
    return [{ status: wrong === 'yes' ? 'fail' : 'unknown', credential: credentialOf(one) }];
  });
}

export function verdictsOnKeys(
  record: CredentialRecord,
  generatedAt: Instant,
  isWrong: (key: AccessKeyRecord) => Answer,
): readonly Verdict[] {
  return verdictsOn(record, generatedAt, record.accessKeys, accessKeyOf, isWrong);
}
