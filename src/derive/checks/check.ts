import type { Instant } from '../../domain/instant.ts';
import type { AccessKeyRecord, CredentialRecord, Field } from '../../domain/record.ts';
import type { Rule } from '../../domain/rules.ts';

/** What a verdict is about beside the identity. No slot: slots are not identities. */
export interface CheckedCredential {
  readonly kind: string;
  readonly createdAt: Field<Instant>;
  readonly id?: string;
}

/** `unknown` keeps a finding open that was open, and opens nothing. What is not listed passed or does not apply. */
export interface Verdict {
  readonly status: 'fail' | 'warn' | 'unknown';
  readonly credential?: CheckedCredential;
}

/** One thing that can be wrong with an identity. Pure, and judged as of generatedAt. */
export interface Check {
  readonly id: string;
  /** A sentence that is true of every open finding. */
  readonly title: string;
  /** Raised when the same rule begins to mean something else. */
  readonly revision?: number;
  readonly defaults: Rule;
  judge(record: CredentialRecord, generatedAt: Instant, rule: Rule): readonly Verdict[];
}

/** The report may have been made while this user was: its row is not to be judged. */
export function isYoungerThanReport(record: CredentialRecord, generatedAt: Instant): boolean {
  const { createdAt } = record.identity;
  return 'value' in createdAt && createdAt.value > generatedAt;
}

export function checkedKey({ createdAt, id }: AccessKeyRecord): CheckedCredential {
  return { kind: 'access_key', createdAt, ...(id === undefined ? {} : { id }) };
}
