import type { Clock } from '../domain/clock.ts';
import type { SourceName } from '../domain/names.ts';
import type { ReportEntry } from '../domain/report.ts';
import { openAccounts } from './accounts.ts';
import { openAttempts } from './attempts.ts';
import { openChain } from './chain.ts';
import { openClaims } from './claims.ts';
import { type OnDamage, openDamage } from './damage.ts';
import { openDeadLetters } from './dead-letters.ts';
import type { Archive, Draft } from './port.ts';
import { openQuarantine } from './quarantine.ts';
import { openReceipts } from './receipts.ts';
import { openSeries } from './series.ts';
import type { Store } from './store.ts';

export interface ArchiveOptions {
  readonly clock: Clock;
  /** Hears once of each object that was passed over because it cannot be read; `verify` reports it too. */
  readonly onDamage?: OnDamage;
}

/** The truth, over any store. Every object in it is written once. */
export function openArchive(store: Store, { clock, onDamage }: ArchiveOptions): Archive {
  const damage = openDamage(onDamage);
  const series = openSeries(store);
  const chain = openChain(store, clock);
  const accounts = openAccounts(store, damage);
  const quarantine = openQuarantine(store, series, damage);
  return {
    name: store.name,
    ...chain,
    ...accounts,
    ...quarantine,
    ...openReceipts(store, chain, series),
    ...openAttempts(store),
    ...openClaims(store),
    ...openDeadLetters(store),
    // Delivering and verifying follow accounts/: whatever is kept belongs to a source that is registered.
    append: async (source: SourceName, draft: Draft, head: ReportEntry | undefined) => {
      await accounts.seen(source, draft.collectedAt);
      return chain.append(source, draft, head);
    },
    quarantine: async (source: SourceName, draft: Draft, reason: string) => {
      await accounts.seen(source, draft.collectedAt);
      return quarantine.quarantine(source, draft, reason);
    },
    series,
    close: () => store.close(),
  };
}
