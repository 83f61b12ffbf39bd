export type Severity = 'informational' | 'low' | 'medium' | 'high' | 'critical';

/** How one check is judged. The defaults stand in the check; the config may change them. */
export interface Rule {
  readonly enabled: boolean;
  readonly severity: Severity;
  /** The check's own thresholds, for example `{ max_age_days: 90 }`. */
  readonly thresholds: Readonly<Record<string, number>>;
}

/** Every check's rule by check id. Part of each report's context: a report is judged once, by these. */
export type Rules = Readonly<Record<string, Rule>>;
