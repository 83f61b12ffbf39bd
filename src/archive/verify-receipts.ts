import { parseSourceName, type SourceName } from '../domain/names.ts';
import { concurrently } from '../kit/concurrently.ts';
import { manifestKey } from './chain.ts';
import { unseal } from './json-object.ts';
import { eight } from './key.ts';
import { parseReceiptName } from './receipts.ts';
import type { Store } from './store.ts';
import { blaming, type Tally } from './tally.ts';
import type { WalkedChain } from './verify-chain.ts';

/** The receipts of one start of one sink, read in step with the chains: both come in the order of the source's name. */
export interface Lane {
  readonly folder: string;
  readonly receipts: AsyncIterator<ReceiptKey>;
  next: ReceiptKey | undefined;
}

interface ReceiptKey {
  readonly key: string;
  readonly source: SourceName;
  readonly number: number;
  readonly manifest12: string;
}

const AT_ONCE = 16;
const MOST_GAPS = 100;

export async function openLanes(store: Store, tally: Tally): Promise<readonly Lane[]> {
  const lanes: Lane[] = [];
  for await (const folder of sinkFolders(store, tally)) {
    const receipts = receiptKeys(store, folder, tally)[Symbol.asyncIterator]();
    lanes.push({ folder, receipts, next: await take(receipts) });
  }
  return lanes;
}

/** From the first key of one folder to the first behind it: `0` follows the slash. */
async function* sinkFolders(store: Store, tally: Tally): AsyncIterable<string> {
  let after = '';
  for (;;) {
    const key = await first(store, 'receipts/', after);
    if (key === undefined) return;
    const name = key.split('/')[1] ?? '';
    const isFolder = key.split('/').length > 2;
    if (isFolder && /^[a-z0-9][a-z0-9-]{0,62}(@\d+)?$/.test(name)) yield `receipts/${name}`;
    else tally.blame(key, 'added: it is no receipt');
    after = isFolder ? `receipts/${name}0` : key;
  }
}

export async function first(store: Store, prefix: string, after: string): Promise<string | undefined> {
  for await (const key of store.list(prefix, after)) return key;
  return undefined;
}

async function* receiptKeys(store: Store, folder: string, tally: Tally): AsyncIterable<ReceiptKey> {
  for await (const key of store.list(`${folder}/`)) {
    const segments = key.slice(folder.length + 1).split('/');
    const name = parseReceiptName(segments.pop() ?? '');
    const source = parseSourceName(segments.join('/'));
    if (name === undefined || source === undefined) tally.blame(key, 'added: it is no receipt');
    else yield { key, source, ...name };
  }
}

async function take(receipts: AsyncIterator<ReceiptKey>): Promise<ReceiptKey | undefined> {
  const next = await receipts.next();
  return next.done === true ? undefined : next.value;
}

/** Everything in the lane up to and with this chain. */
export async function checkLane(store: Store, lane: Lane, chain: WalkedChain, tally: Tally): Promise<void> {
  const own: ReceiptKey[] = [];
  const end = `${chain.source}/`;
  for (; lane.next !== undefined && `${lane.next.source}/` <= end; lane.next = await take(lane.receipts)) {
    if (lane.next.source === chain.source) own.push(lane.next);
    else orphan(lane.next, tally);
  }
  tally.receipts += own.length;
  checkOrder(lane, chain, own, tally);
  await concurrently(own, AT_ONCE, (receipt) => checkReceipt(store, receipt, chain, tally));
}

/** What is left belongs to chains that are not there. */
export async function drainLane(lane: Lane, tally: Tally): Promise<void> {
  for (; lane.next !== undefined; lane.next = await take(lane.receipts)) orphan(lane.next, tally);
}

function orphan({ key, source, number }: ReceiptKey, tally: Tally): void {
  tally.receipts += 1;
  tally.blame(manifestKey(source, number), `lost: ${key} says that it was delivered`);
}

/** Receipts come one after the other, from whatever the sink began with. */
function checkOrder(lane: Lane, chain: WalkedChain, own: readonly ReceiptKey[], tally: Tally): void {
  let before: number | undefined;
  for (const { number } of own) {
    const from = (before ?? number - 1) + 1;
    for (let gap = from; gap < Math.min(number, from + MOST_GAPS); gap += 1) {
      const digest = chain.digests.get(gap)?.slice(0, 12) ?? '';
      tally.blame(`${lane.folder}/${chain.source}/${eight(gap)}-${digest}.json`, `lost: receipt ${number} follows it`);
    }
    before = number;
  }
}

async function checkReceipt(store: Store, receipt: ReceiptKey, chain: WalkedChain, tally: Tally): Promise<void> {
  const { key, source, number, manifest12 } = receipt;
  const digest = chain.digests.get(number);
  if (digest === undefined) {
    tally.blame(manifestKey(source, number), `lost: ${key} says that it was delivered`);
    return;
  }
  if (!digest.startsWith(manifest12)) {
    tally.blame(manifestKey(source, number), `changed: ${key} was written for other bytes`);
    return;
  }
  await blaming(tally, key, async () => {
    const said = unseal((await store.get(key)) ?? new Uint8Array(), key);
    if (said['manifest'] !== digest || said['number'] !== number) tally.blame(key, 'changed: it names another report');
  });
}
