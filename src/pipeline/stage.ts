import type { Archive } from '../archive/port.ts';
import type { Account } from '../domain/account.ts';
import type { Clock } from '../domain/clock.ts';
import type { Duties } from '../domain/duties.ts';
import type { EventKind, FindingPolicy, InventoryPolicy } from '../domain/event.ts';
import type { Observe } from '../domain/happening.ts';
import type { Instant } from '../domain/instant.ts';
import { type SinkName, type SourceName, sourceName } from '../domain/names.ts';
import type { Organization } from '../domain/organization.ts';
import type { ChangeRules, Exception, Rules } from '../domain/rules.ts';
import type { Format } from '../formats/format.ts';
import type { Slots } from '../kit/slots.ts';
import type { Connection, Directory, ReportKind } from '../providers/provider.ts';
import type { Job } from '../queue/queue.ts';
import type { Sink } from '../sinks/sink.ts';
import type { Progress } from './progress.ts';
import type { Refusals } from './refusals.ts';

/** One configured destination, as the pipeline sees it. */
export interface Outlet {
  readonly name: SinkName;
  readonly target: string;
  readonly start: string;
  readonly format: Format;
  readonly policy: {
    readonly events: readonly EventKind[];
    readonly inventory: InventoryPolicy;
    readonly findings?: FindingPolicy;
  };
  /** Opened at the first use and kept. */
  open(): Promise<Sink>;
}

/** All that a job may touch: made once in daemon/compose.ts. */
export interface Stage {
  readonly deployment: string;
  readonly version: string;
  readonly duties: Duties;
  /** Between two ticks of the plan. */
  readonly tickMs: number;
  /** Those of the YAML; `knownAccounts` adds the members of organisations. */
  readonly accounts: readonly Account[];
  readonly organizations: readonly Organization[];
  /** Reads account files again: what is wrong with them. `accounts` holds the outcome. */
  readAccountFiles(): Promise<readonly string[]>;
  readonly rules: Rules;
  readonly exceptions: readonly Exception[];
  readonly changes: ChangeRules;
  readonly archive: Archive;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly outlets: readonly Outlet[];
  /** Undefined for a kind that no provider has. */
  readonly kind: (source: SourceName) => ReportKind | undefined;
  /** False when the account points at a stand-in for its cloud (`endpoint:`). */
  readonly isRealCloud: (account: Account) => boolean;
  /** Made at the first use and kept. */
  connection(account: Account): Promise<Connection>;
  /** As for `connection`. */
  directory(organization: Organization): Promise<Directory>;
  memberSettings(organization: Organization, accountId: string): unknown;
  enqueue(job: Job, at: Instant): Promise<void>;
  /** Of reports that are half delivered, by epoch and report. */
  readonly progress: Map<string, Progress>;
  /** Sinks that failed, and until when nobody tries them again: one delivery asks for all. */
  readonly pauses: Map<SinkName, Pause>;
  /** By sink: what it refused in a row. */
  readonly refusals: Map<SinkName, Refusals>;
  /** Reports that are parsed and judged at a time: that takes the memory, asking the cloud takes the time. */
  readonly desks: Slots;
  /** When something that many sources meet was last said. */
  readonly said: Map<string, Instant>;
}

export interface Pause {
  readonly until: Instant;
  readonly failures: number;
}

export interface ConfiguredSource {
  readonly source: SourceName;
  readonly account: Account;
  readonly everyMs: number;
}

export function configuredSources(accounts: readonly Account[]): readonly ConfiguredSource[] {
  return accounts.flatMap((account) =>
    Object.entries(account.reports).map(([kind, { everyMs }]) => ({
      source: sourceName({ provider: account.provider, accountId: account.id, kind }),
      account,
      everyMs,
    })),
  );
}

export function describeSource({ account, source }: ConfiguredSource): string {
  return account.name === account.id ? `account ${source}` : `account ${account.name} (${source})`;
}
