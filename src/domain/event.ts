import type { Severity } from './rules.ts';

export const EVENT_KINDS = ['inventory', 'change', 'finding', 'access', 'health', 'summary'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export const INVENTORY_POLICIES = ['every', 'changed', 'daily', 'changed+daily'] as const;
export type InventoryPolicy = (typeof INVENTORY_POLICIES)[number];

export const FINDING_POLICIES = ['changed', 'changed+daily'] as const;
export type FindingPolicy = (typeof FINDING_POLICIES)[number];

export interface EventAccount {
  readonly provider: string;
  readonly id: string;
  readonly name: string;
  readonly cloud_name?: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface EventIdentity {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly unique_id?: string;
}

export interface EventCredential {
  readonly kind: string;
  readonly id?: string;
  readonly created_at?: string;
}

export interface EventReport {
  readonly source: string;
  readonly number: number;
  readonly generated_at: string;
  readonly collected_at: string;
  readonly next_refresh_at: string;
  /** Of the report's own bytes, as the cloud served them. */
  readonly sha256: string;
}

/** What is wrong, what to do, and the numbers that others have for the same check. */
export interface EventCheck {
  readonly id: string;
  readonly title: string;
  /** Of the rule in force; a warning weighs one step less. */
  readonly severity?: Severity;
  readonly remediation?: string;
  readonly controls?: Readonly<Record<string, string | readonly string[]>>;
}

/** One event as Muster means it; the format `plain` writes exactly this. A field without a value is left out. */
export interface Event {
  readonly id: string;
  readonly kind: EventKind;
  readonly type: string;
  readonly time: string;
  readonly occurred_at: string;
  readonly severity: Severity;
  readonly message: string;
  readonly account: EventAccount;
  readonly identity?: EventIdentity;
  readonly credential?: EventCredential;
  readonly report: EventReport;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly check?: EventCheck;
  readonly finding_id?: string;
  readonly status?: string;
  readonly cause?: string;
  /** inventory: the record. summary: the counts. health: the trouble. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** An event and what a sink's policies ask of it; the flags are not part of the event. */
export interface Derived {
  /** May be made anew each time it is looked at. */
  readonly event: Event;
  readonly kind: EventKind;
  /** Differs from the report before, last-used cells looked past; true for everything but inventory and `finding.open`. */
  readonly changed: boolean;
  /** The first report of its UTC day (or of its source); true for everything but inventory. */
  readonly daily: boolean;
}
