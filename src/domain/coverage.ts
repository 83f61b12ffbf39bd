export const COVERAGE_STATES = ['denied', 'stale', 'unlisted', 'partial', 'excluded', 'covered'] as const;
export type CoverageState = (typeof COVERAGE_STATES)[number];

/** An account in exactly one state, and why. */
export interface Coverage {
  readonly provider: string;
  readonly account_id: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly state: CoverageState;
  readonly why: readonly string[];
  readonly organization?: string;
  readonly owner?: string;
  readonly until?: string;
  readonly generated_at?: string;
}

/** The part `coverage.json` of the source `muster/<deployment>/coverage`: every account that is known, once a day. */
export interface CoverageList {
  readonly version: 1;
  readonly accounts: readonly Coverage[];
}

export const COVERAGE_PART = 'coverage.json';
export const COVERAGE_KIND = 'coverage';
