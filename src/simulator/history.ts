import { formatInstant, type Instant } from '../domain/instant.ts';

/** What truly happened to one credential, at the simulated time. Replaying an account's entries gives its state. */
export interface HistoryEntry {
  readonly seq: number;
  readonly at: string;
  readonly account: string;
  /** `user.created`, `key.deactivated`, `root.mfa.enabled`, … */
  readonly action: string;
  readonly user: string;
  readonly user_id: string;
  readonly key_id?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

type Happened = Omit<HistoryEntry, 'seq' | 'at'>;

export interface History {
  add(at: Instant, happened: Happened): HistoryEntry;
  /** The number of the newest entry; 0 when there is none. */
  readonly seq: number;
  entries(filter?: { readonly account?: string; readonly since?: number }): readonly HistoryEntry[];
}

export function createHistory(): History {
  const entries: HistoryEntry[] = [];
  return {
    add(at, happened) {
      const entry = { seq: entries.length + 1, at: formatInstant(at), ...happened };
      entries.push(entry);
      return entry;
    },
    get seq() {
      return entries.length;
    },
    entries({ account, since = 0 } = {}) {
      const newer = entries.slice(since);
      return account === undefined ? newer : newer.filter((entry) => entry.account === account);
    },
  };
}
