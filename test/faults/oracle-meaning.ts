import type { Archive } from '../../src/archive/port.ts';
import type { Store } from '../../src/archive/store.ts';
import { derive } from '../../src/derive/derive.ts';
import { selects } from '../../src/derive/select.ts';
import { parseSourceName, type SourceName, splitSource } from '../../src/domain/names.ts';
import type { ReportEntry } from '../../src/domain/report.ts';
import { load, loadBase } from '../../src/pipeline/load.ts';
import { providers } from '../../src/providers/registry.ts';
import { FILE_SINK, POLICIES, WEBHOOK_SINK } from './home.ts';

export interface Meaning {
  readonly entries: readonly ReportEntry[];
  /** Ids of every event, whatever a sink asked for. */
  readonly all: ReadonlySet<string>;
  /** By sink, then by `<source>/<number>`. */
  readonly meant: Readonly<Record<keyof typeof POLICIES, ReadonlyMap<string, readonly string[]>>>;
  readonly receipts: readonly FoundReceipt[];
  readonly problems: readonly string[];
}

interface FoundReceipt {
  readonly key: string;
  readonly sink: string;
  readonly source: string;
  readonly number: number;
  /** What it says of itself. */
  readonly events: number;
  readonly rejected: number;
}

/** What the archive means, from its names and bytes alone: walked, not asked for heads and cursors. */
export async function meaningOf(store: Store, archive: Archive): Promise<Meaning> {
  const problems: string[] = [];
  const entries: ReportEntry[] = [];
  const receipts: FoundReceipt[] = [];
  for await (const key of store.list('sources/')) {
    const entry = key.endsWith('/manifest.json') ? await entryAt(key, archive) : undefined;
    if (entry !== undefined) entries.push(entry);
  }
  for await (const key of store.list('receipts/')) receipts.push(await receiptAt(key, store));
  problems.push(...chainProblems(entries), ...(await unfollowed(entries, archive)));
  const meant = { [FILE_SINK]: new Map<string, string[]>(), [WEBHOOK_SINK]: new Map<string, string[]>() };
  const all = new Set<string>();
  for (const entry of entries) {
    const { derived, problem } = await derivedFrom(entry, archive);
    if (problem !== undefined) problems.push(problem);
    for (const { event } of derived) {
      if (all.has(event.id)) problems.push(`two events share the id ${event.id}`);
      all.add(event.id);
    }
    for (const sink of [FILE_SINK, WEBHOOK_SINK] as const) {
      const ids = derived.filter((one) => selects(POLICIES[sink], one)).map(({ event }) => event.id);
      meant[sink].set(`${entry.source}/${entry.number}`, ids);
    }
  }
  return { entries, all, meant, receipts, problems };
}

async function derivedFrom(entry: ReportEntry, archive: Archive) {
  try {
    const current = await load(archive, kindOf, entry);
    const base = await loadBase(archive, kindOf, entry);
    if (base === 'damaged') return { derived: [], problem: `the base of ${entry.source} ${entry.number} is damaged` };
    return { derived: derive(base, current) };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    return { derived: [], problem: `${entry.source} ${entry.number} means nothing: ${why}` };
  }
}

function kindOf(source: SourceName) {
  const { provider, kind } = splitSource(source);
  return providers.find(({ name }) => name === provider)?.kinds[kind];
}

async function entryAt(key: string, archive: Archive): Promise<ReportEntry | undefined> {
  const [, provider, account, kind, number] = key.split('/');
  const source = parseSourceName(`${provider}/${account}/${kind}`);
  return source && (await archive.entry(source, Number(number)));
}

async function receiptAt(key: string, store: Store): Promise<FoundReceipt> {
  const [, sink = '', provider, account, kind, file = ''] = key.split('/');
  const said = JSON.parse(new TextDecoder().decode(await store.get(key))) as Pick<FoundReceipt, 'events' | 'rejected'>;
  const { events, rejected } = said;
  return { key, sink, source: `${provider}/${account}/${kind}`, number: Number(file.slice(0, 8)), events, rejected };
}

/** Numbers without a gap, times that rise, nothing twice. Listed in the order of their names. */
function chainProblems(entries: readonly ReportEntry[]): readonly string[] {
  const problems: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const before = entries[index - 1];
    const sameSource = before?.source === entry.source ? before : undefined;
    const name = `${entry.source} ${entry.number}`;
    if (entry.number !== (sameSource?.number ?? 0) + 1) problems.push(`${name}: its number does not follow`);
    if (sameSource !== undefined && entry.generatedAt <= sameSource.generatedAt)
      problems.push(`${name}: was generated no later than the one before`);
  }
  return problems;
}

/** Delivering follows the accounts: a source that is not there would never be delivered. */
async function unfollowed(entries: readonly ReportEntry[], archive: Archive): Promise<readonly string[]> {
  const followed = new Set(await archive.sources());
  const sources = new Set(entries.map(({ source }) => source));
  return [...sources].filter((source) => !followed.has(source)).map((source) => `${source} is not among the accounts`);
}
