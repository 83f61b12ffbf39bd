/** One cloud account as the config (or an organisation) lists it. `settings` is the provider's own YAML, already parsed. */
export interface Account {
  readonly provider: string;
  readonly id: string;
  /** Your alias; the account id where the config gives none. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly reports: Readonly<Record<string, ReportSettings>>;
  readonly settings: unknown;
}

export interface ReportSettings {
  readonly everyMs: number;
}
