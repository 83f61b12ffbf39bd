import type { Clock } from '../domain/clock.ts';
import type { SourceName } from '../domain/names.ts';
import type { ReportEntry } from '../domain/report.ts';
import { openAccounts } from './accounts.ts';
import { openAttempts } from './attempts.ts';
import { openChain } from './chain.ts';
import { openClaims } from './claims.ts';
import { openDeadLetters } from './dead-letters.ts';
import type { Archive, Draft } from './port.ts';
import { openQuarantine } from './quarantine.ts';
import { openReceipts } from './receipts.ts';
import { openSeries } from './series.ts';
import type { Store } from './store.ts';

/** The truth, over any store. Every object in it is written once. */
export function openArchive(store: Store, { clock }: { readonly clock: Clock }): Archive {
  const series = openSeries(store);
  const chain = openChain(store, clock);
  const accounts = openAccounts(store);
  const quarantine = openQuarantine(store, series);
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
