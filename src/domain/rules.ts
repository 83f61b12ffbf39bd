export type Severity = 'informational' | 'low' | 'medium' | 'high' | 'critical';

/** How one check is judged. The defaults stand in the check; the config may change them. */
export interface Rule {
  readonly enabled: boolean;
  readonly severity: Severity;
  /** The check's own thresholds, for example `{ max_age_days: 90 }`. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** The check's own lists of names, for example `{ identities: ['canary-*'] }`. */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
}

/** Every check's rule by check id. Part of each report's context: a report is judged once, by these. */
export type Rules = Readonly<Record<string, Rule>>;

/** What somebody accepts for a while: a finding that it covers is not open. What is left out covers everything. */
export interface Exception {
  readonly owner: string;
  readonly reason: string;
  /** A date: from that day on (UTC) it counts no more. */
  readonly until: string;
  readonly checks?: readonly string[];
  /** Alias, cloud account id, or `provider/id`. */
  readonly accounts?: readonly string[];
  /** All of them. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Patterns of names or ids: `*` for any run of characters, `?` for one. */
  readonly identities?: readonly string[];
}

/** How changes are told. They decide events, so they are part of each report's context; of ids they decide nothing. */
export interface ChangeRules {
  /** A use after so many days without one is told. */
  readonly silence_days: number;
  /** By type of change, over Muster's own table; of the root's changes only `root_severity`. */
  readonly severity: Readonly<Record<string, Severity>>;
  readonly root_severity: Readonly<Record<string, Severity>>;
}
