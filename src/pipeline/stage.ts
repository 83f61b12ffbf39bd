import type { Archive } from '../archive/port.ts';
import type { Account } from '../domain/account.ts';
import type { Clock } from '../domain/clock.ts';
import type { EventKind, InventoryPolicy } from '../domain/event.ts';
import type { Observe } from '../domain/happening.ts';
import type { Instant } from '../domain/instant.ts';
import { parseSourceName, type SinkName, type SourceName, sourceName } from '../domain/names.ts';
import type { Rules } from '../domain/rules.ts';
import type { Format } from '../formats/format.ts';
import type { Connection, ReportKind } from '../providers/provider.ts';
import type { Job } from '../queue/queue.ts';
import type { Sink } from '../sinks/sink.ts';

/** One configured destination, as the pipeline sees it. */
export interface Outlet {
  readonly name: SinkName;
  readonly target: string;
  readonly start: string;
  readonly format: Format;
  readonly policy: { readonly events: readonly EventKind[]; readonly inventory: InventoryPolicy };
  /** Opened at the first use and kept. */
  open(): Promise<Sink>;
}

/** All that a job may touch: made once in daemon/compose.ts. */
export interface Stage {
  readonly deployment: string;
  readonly version: string;
  /** Between two ticks of the plan. */
  readonly tickMs: number;
  readonly accounts: readonly Account[];
  readonly rules: Rules;
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
  enqueue(job: Job, at: Instant): Promise<void>;
  /** Events of reports that are half delivered, by epoch and report: progress lives in memory, losing it costs duplicates. */
  readonly progress: Map<string, Set<string>>;
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

/** Job data is untrusted: only what the config lists is ever collected. */
export function configuredSource(stage: Stage, text: string): ConfiguredSource | undefined {
  const name = parseSourceName(text);
  return name && configuredSources(stage.accounts).find(({ source }) => source === name);
}

export function describeSource({ account, source }: ConfiguredSource): string {
  return account.name === account.id ? `account ${source}` : `account ${account.name} (${source})`;
}
