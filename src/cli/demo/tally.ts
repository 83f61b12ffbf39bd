import { readFile } from 'node:fs/promises';
import type { SourceName } from '../../domain/names.ts';

export interface Tally {
  readonly accounts: number;
  readonly accounts_by_provider: Readonly<Record<string, number>>;
  readonly reports: number;
  readonly events: number;
  readonly changes: number;
  readonly findings: number;
  readonly seconds: number;
}

/** Counted from what was archived and from the lines that the sink has, not from what the daemon said. */
export async function tally(
  reports: ReadonlyMap<SourceName, number>,
  eventsFile: string,
  seconds: number,
): Promise<Tally> {
  const lines = (await readFile(eventsFile, 'utf8')).split('\n').filter((line) => line !== '');
  const kinds = lines.map((line) => (JSON.parse(line) as { readonly kind: string }).kind);
  const byProvider: Record<string, number> = {};
  const accounts = new Set([...reports.keys()].map((source) => source.slice(0, source.lastIndexOf('/')))); // several kinds each
  for (const account of accounts) {
    const [provider = ''] = account.split('/');
    byProvider[provider] = (byProvider[provider] ?? 0) + 1;
  }
  return {
    accounts: accounts.size,
    accounts_by_provider: byProvider,
    reports: [...reports.values()].reduce((sum, count) => sum + count, 0),
    events: lines.length,
    changes: kinds.filter((kind) => kind === 'change').length,
    findings: kinds.filter((kind) => kind === 'finding').length,
    seconds,
  };
}
