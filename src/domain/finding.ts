import type { Severity } from './rules.ts';

/** What a finding is about. `created_at` tells two keys of one owner apart; slots and key ids do not take part in ids. */
export interface FindingSubject {
  readonly identity: { readonly kind: string; readonly id: string; readonly name: string };
  readonly credential?: { readonly kind: string; readonly created_at?: string; readonly id?: string };
  /** The policy, where the finding is about one. */
  readonly policy?: string;
}

export interface OpenFinding extends FindingSubject {
  readonly id: string;
  readonly check: string;
  readonly severity: Severity;
  readonly status: 'fail' | 'warn' | 'unknown';
  /** generatedAt of the report that opened it. */
  readonly since: string;
}

/** It would be open, were it not for an exception: whose, why, and until when. */
export interface ExceptedFinding extends OpenFinding {
  readonly exception: { readonly owner: string; readonly reason: string; readonly until: string };
}

/** What was open as of generatedAt, judged once, at collection: kept as the part `findings.json`. */
export interface Findings {
  readonly version: 1;
  /** The checks that were on, with a digest of the rule each was judged by. */
  readonly checks: Readonly<Record<string, string>>;
  readonly open: readonly OpenFinding[];
  /** Left out where there are none. */
  readonly excepted?: readonly ExceptedFinding[];
}
