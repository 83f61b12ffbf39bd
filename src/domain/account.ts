/** One cloud account as the config (or an organisation) lists it. `settings` is the provider's own YAML, already parsed. */
export interface Account {
  readonly provider: string;
  readonly id: string;
  /** Your alias; the account id where the config gives none. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly reports: Readonly<Record<string, ReportSettings>>;
  readonly settings: unknown;
  /** The organisation that listed it; undefined for an account of the YAML. */
  readonly organization?: string;
  /** The cloud's own name of it, where a list of members told. */
  readonly cloudName?: string;
  /** Its organisation's management account. */
  readonly management?: Management;
}

/** Whether the root users of all members are managed centrally. */
export type RootAccess = { readonly isManaged: boolean } | { readonly unknown: string };

export interface Management {
  readonly rootAccess?: RootAccess;
}

export interface ReportSettings {
  readonly everyMs: number;
  /** The kind's own keys in YAML, as its schema made them; undefined for a kind without. */
  readonly settings?: unknown;
  /** Where a person puts files that are to be imported; an absolute path. */
  readonly dropFolder?: string;
}

/** It has all of these labels. */
export function isLabelled({ labels }: Pick<Account, 'labels'>, wanted: Account['labels']): boolean {
  return Object.entries(wanted).every(([name, value]) => Object.hasOwn(labels, name) && labels[name] === value);
}
