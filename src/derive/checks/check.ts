import type { Context } from '../../domain/context.ts';
import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import type { Rule } from '../../domain/rules.ts';
import type { Credential } from '../credential.ts';
import type { Controls } from './controls.ts';

/** `unknown` keeps a finding open that was open, and opens nothing. What is not listed passed or does not apply. */
export interface Verdict {
  readonly status: 'fail' | 'warn' | 'unknown';
  readonly credential?: Credential;
}

/** What a check may know of the report beside one record. */
export interface Scene {
  readonly provider: string;
  /** Of `record.cells`. */
  readonly columns: readonly string[];
  /** Where the account is its organisation's management account. */
  readonly management?: Context['account']['management'];
}

/** What every check says of itself. */
export interface KnownCheck {
  readonly id: string;
  /** A sentence that is true of every open finding. */
  readonly title: string;
  /** A sentence that says what to do. */
  readonly remediation: string;
  /** The same check by the names of others. */
  readonly controls: Controls;
  /** Raised when the same rule begins to mean something else. */
  readonly revision?: number;
  readonly defaults: Rule;
}

/** One thing that can be wrong with an identity. Pure, and judged as of generatedAt. */
export interface Check extends KnownCheck {
  judge(record: CredentialRecord, generatedAt: Instant, rule: Rule, scene: Scene): readonly Verdict[];
  /** True when the report does not tell how many there are: what was open stays open, as unknown. */
  isUntold?(record: CredentialRecord): boolean;
}

/** The report may have been made while this user was: its row is not to be judged. */
export function isYoungerThanReport(record: CredentialRecord, generatedAt: Instant): boolean {
  const { createdAt } = record.identity;
  return 'value' in createdAt && createdAt.value > generatedAt;
}

/** Neither root, which has checks of its own, nor one that cannot have credentials. */
export function isUser({ identity }: CredentialRecord): boolean {
  return identity.kind !== 'root' && identity.kind !== 'message_receiver';
}
