import { parseSourceName, type SourceName } from '../domain/names.ts';
import type { Manifest } from '../domain/report.ts';
import { concurrently } from '../kit/concurrently.ts';
import { sha256 } from '../kit/hash.ts';
import { accountKey } from './accounts.ts';
import { manifestKey, reportFolder } from './chain.ts';
import { parseManifest } from './manifest.ts';
import { readPart } from './part-file.ts';
import type { Store } from './store.ts';
import { blaming, chunks, type Tally } from './tally.ts';

/** A chain whose reports were looked at: the digest of each manifest by its number. */
export interface WalkedChain {
  readonly source: SourceName;
  readonly digests: ReadonlyMap<number, string>;
  readonly head: number;
}

interface Folder {
  readonly source: SourceName;
  readonly number: number;
  readonly files: string[];
}

interface Inspected extends Folder {
  /** Undefined: without a manifest it never happened. */
  readonly digest: string | undefined;
  readonly manifest: Manifest | undefined;
}

const AT_ONCE = 8;
const MOST_GAPS = 100;

/** Every chain, in the order of its name. */
export async function* walkChains(store: Store, tally: Tally): AsyncIterable<WalkedChain> {
  let chain: OpenChain | undefined;
  for await (const batch of chunks(reportFolders(store, tally), AT_ONCE)) {
    const inspected = new Map<Folder, Inspected>();
    await concurrently(batch, AT_ONCE, async (folder) => {
      inspected.set(folder, await inspect(store, folder, tally));
    });
    for (const folder of batch) {
      if (chain !== undefined && chain.source !== folder.source) yield* close(chain, store, tally);
      if (chain?.source !== folder.source) chain = newChain(folder.source);
      link(chain, inspected.get(folder), tally);
    }
  }
  if (chain !== undefined) yield* close(chain, store, tally);
}

const PART = /^[a-z0-9][a-z0-9-]*-[0-9a-f]{64}\.[a-z0-9]+(?:\.gz)?$/;

async function* reportFolders(store: Store, tally: Tally): AsyncIterable<Folder> {
  let current: Folder | undefined;
  for await (const key of store.list('sources/')) {
    const match = /^sources\/([^/]+\/[^/]+\/[^/]+)\/(\d{8})\/([^/]+)$/.exec(key);
    const source = parseSourceName(match?.[1] ?? '');
    if (match === null || source === undefined) {
      tally.blame(key, 'added: Muster keeps nothing there');
      continue;
    }
    const number = Number(match[2]);
    if (current?.source !== source || current.number !== number) {
      if (current !== undefined) yield current;
      current = { source, number, files: [] };
    }
    current.files.push(match[3] ?? '');
  }
  if (current !== undefined) yield current;
}

async function inspect(store: Store, folder: Folder, tally: Tally): Promise<Inspected> {
  const { source, number, files } = folder;
  const key = manifestKey(source, number);
  const bytes = files.includes('manifest.json') ? await store.get(key) : undefined;
  if (bytes === undefined) {
    countUnnamed(folder, files, tally);
    return { ...folder, digest: undefined, manifest: undefined };
  }
  tally.reports += 1;
  const manifest = parseManifest(bytes);
  if (manifest?.source !== source || manifest.number !== number) {
    tally.blame(key, `changed: it is not the manifest of report ${number}`);
    return { ...folder, digest: sha256(bytes), manifest: undefined };
  }
  for (const ref of manifest.parts) {
    tally.parts += 1;
    const part = reportFolder(source, number);
    await blaming(tally, `${part}/${ref.file}`, async () => void (await readPart(store, part, ref)));
  }
  const named = new Set(['manifest.json', ...manifest.parts.map(({ file }) => file)]);
  countUnnamed(
    folder,
    files.filter((file) => !named.has(file)),
    tally,
  );
  return { ...folder, digest: sha256(bytes), manifest };
}

/** A part that no manifest names is what a crash left; a file of another name is somebody else's. */
function countUnnamed({ source, number }: Folder, files: readonly string[], tally: Tally): void {
  for (const file of files) {
    if (PART.test(file)) tally.litter += 1;
    else tally.blame(`${reportFolder(source, number)}/${file}`, 'added: it is no part of a report');
  }
}

interface OpenChain {
  readonly source: SourceName;
  readonly digests: Map<number, string>;
  head: number;
  generatedAt: number;
}

function newChain(source: SourceName): OpenChain {
  return { source, digests: new Map(), head: 0, generatedAt: Number.NEGATIVE_INFINITY };
}

function link(chain: OpenChain, next: Inspected | undefined, tally: Tally): void {
  if (next?.digest === undefined) return;
  const { source, number, manifest } = next;
  for (let gap = chain.head + 1; gap < Math.min(number, chain.head + MOST_GAPS); gap += 1) {
    tally.blame(manifestKey(source, gap), `lost: the chain goes on to report ${number}`);
  }
  if (manifest !== undefined) {
    checkPrevious(chain, manifest, tally);
    const generatedAt = Date.parse(manifest.generated_at);
    if (generatedAt <= chain.generatedAt) {
      tally.blame(manifestKey(source, number), 'added: it is not newer than the report before it');
    }
    chain.generatedAt = generatedAt;
  }
  chain.digests.set(number, next.digest);
  chain.head = number;
}

/** A manifest vouches for the one before it. */
function checkPrevious(chain: OpenChain, manifest: Manifest, tally: Tally): void {
  const { number, previous } = manifest;
  const before = number - 1;
  if ((previous?.number ?? 0) !== before) {
    tally.blame(manifestKey(chain.source, number), 'changed: it does not follow the report before it');
    return;
  }
  const digest = chain.digests.get(before);
  if (digest !== undefined && digest !== previous?.sha256) {
    tally.blame(manifestKey(chain.source, before), `changed: report ${number} was chained to other bytes`);
  }
}

/** A source that has a chain was registered first; without that, nothing would deliver it. */
async function* close(chain: OpenChain, store: Store, tally: Tally): AsyncIterable<WalkedChain> {
  if (chain.head === 0) return;
  tally.sources += 1;
  const key = accountKey(chain.source);
  if ((await store.get(key)) === undefined) tally.blame(key, 'lost: its source has reports');
  yield chain;
}
