import type { ReportSettings, RootAccess } from './account.ts';

/** One entry of the YAML for all accounts of an organisation. `settings` is the provider's own YAML, already parsed. */
export interface Organization {
  readonly provider: string;
  /** Safe as a path segment; unique within its provider. */
  readonly name: string;
  readonly members: 'all' | readonly string[];
  /** Collect the management account too. */
  readonly managementAccount: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** Tags of an account that become labels. */
  readonly labelsFromTags: readonly string[];
  readonly exclude: readonly Exclusion[];
  readonly reports: Readonly<Record<string, ReportSettings>>;
  readonly settings: unknown;
}

/** An account that is left out on purpose. */
export interface Exclusion {
  readonly accountId: string;
  readonly owner: string;
  readonly reason: string;
  /** A date; it counts until that day begins, in UTC. */
  readonly until: string;
}

/** An account as its organisation lists it. */
export interface Member {
  readonly id: string;
  readonly name: string;
  readonly state: 'active' | 'suspended' | 'closing' | 'pending';
  readonly isManagement: boolean;
  /** Undefined when they were not told this time: what was told before counts on. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Of the management account, where somebody asked. */
  readonly rootAccess?: RootAccess;
}
