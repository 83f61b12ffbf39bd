import { Fault } from '../domain/fault.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { SinkName, SourceName } from '../domain/names.ts';
import type { ReportEntry } from '../domain/report.ts';
import { BoundedMap } from '../kit/bounded-map.ts';
import { failpoint } from '../kit/failpoint.ts';
import type { Chain } from './chain.ts';
import { sealed } from './json-object.ts';
import { eight } from './key.ts';
import type { Archive, Receipt, SinkEpoch, SinkStart } from './port.ts';
import type { OpenSeries } from './series.ts';
import type { Store } from './store.ts';

const REMEMBERED = 200_000;
/** Behind every receipt of its number, before the next number. */
const BEHIND = '~';

export type Receipts = Pick<Archive, 'sinkEpoch' | 'cursor' | 'receive'>;

/** What each sink has whole. The cursor is the highest receipt. */
export function openReceipts(store: Store, chain: Chain, openSeries: OpenSeries): Receipts {
  const cursors = new BoundedMap<string, number>(REMEMBERED);

  async function sinkEpoch(sink: SinkName, start: string, target: string, at: Instant): Promise<SinkEpoch> {
    const starts = openSeries<SinkStart>(['sinks', sink]);
    for (;;) {
      const latest = await starts.latest();
      if (latest?.value.start === start) return { sink, epoch: latest.number, start: latest.value };
      await starts.append({ start, at: formatInstant(at), target }, latest?.number ?? 0);
    }
  }

  async function cursor(epoch: SinkEpoch, source: SourceName, head: ReportEntry | undefined): Promise<number> {
    const folder = receiptFolder(epoch, source);
    const known = cursors.get(folder);
    if (head !== undefined && known === head.number) return known;
    const newest = await newestReceipt(store, folder, known, head?.number ?? 0);
    if (newest === undefined) return known ?? 0;
    const entry = newest.number === head?.number ? head : await chain.entry(source, newest.number);
    // The head may have moved on since it was looked up: only a report that is nowhere is lost.
    if (entry === undefined) throw lost(epoch.sink, source, newest.number, await chain.head(source));
    if (!entry.sha256.startsWith(newest.manifest12)) throw rewritten(epoch.sink, source, newest.number);
    cursors.set(folder, newest.number);
    return newest.number;
  }

  async function receive(epoch: SinkEpoch, entry: ReportEntry, receipt: Receipt): Promise<void> {
    const folder = receiptFolder(epoch, entry.source);
    const known = cursors.get(folder) ?? 0;
    if (receipt.number !== entry.number || receipt.manifest !== entry.sha256) {
      throw new RangeError(`${folder}: a receipt must name the report that it is for`);
    }
    if (known > 0 && receipt.number > known + 1) {
      throw new RangeError(`${folder}: receipt ${receipt.number} cannot follow receipt ${known}`);
    }
    await store.create(`${folder}/${eight(entry.number)}-${entry.sha256.slice(0, 12)}.json`, sealed(receipt));
    failpoint('archive.receipt_written');
    cursors.set(folder, Math.max(known, receipt.number));
  }

  return { sinkEpoch, cursor, receive };
}

/** Receipts of different starts of one sink never mix. */
function receiptFolder({ sink, epoch }: SinkEpoch, source: SourceName): string {
  return `receipts/${sink}${epoch === 1 ? '' : `@${epoch}`}/${source}`;
}

interface Newest {
  readonly number: number;
  readonly manifest12: string;
}

/** Most cursors are at their head: looked for there first, one short list; only then from the beginning. */
async function newestReceipt(
  store: Store,
  folder: string,
  known: number | undefined,
  headNumber: number,
): Promise<Newest | undefined> {
  if (known !== undefined) return last(store, folder, `${folder}/${eight(known)}-${BEHIND}`);
  const atHead = headNumber === 0 ? undefined : await last(store, folder, `${folder}/${eight(headNumber)}-`);
  return atHead ?? last(store, folder);
}

async function last(store: Store, folder: string, after?: string): Promise<Newest | undefined> {
  let newest: Newest | undefined;
  for await (const key of store.list(`${folder}/`, after))
    newest = parseReceiptName(key.slice(folder.length + 1)) ?? newest;
  return newest;
}

export function parseReceiptName(name: string): Newest | undefined {
  const match = /^(\d{8})-([0-9a-f]{12})\.json$/.exec(name);
  return match === null ? undefined : { number: Number(match[1]), manifest12: match[2] ?? '' };
}

function lost(sink: SinkName, source: SourceName, number: number, head: ReportEntry | undefined): Fault {
  const newest = head === undefined ? 'has none' : `has none of that number (its newest is ${head.number})`;
  return new Fault(
    'misconfigured',
    `sink ${sink} has report ${number} of ${source}, but the archive ${newest}: it lost reports, or is not the same archive; restore it`,
  );
}

function rewritten(sink: SinkName, source: SourceName, number: number): Fault {
  return new Fault(
    'malformed',
    `sink ${sink} has another report ${number} of ${source} than the archive: the chain was re-written; run muster reports verify`,
  );
}
