import type { Clock } from '../domain/clock.ts';
import { Fault } from '../domain/fault.ts';
import { formatInstant } from '../domain/instant.ts';
import type { SourceName } from '../domain/names.ts';
import type { Parts, ReportEntry } from '../domain/report.ts';
import { BoundedMap } from '../kit/bounded-map.ts';
import { failpoint } from '../kit/failpoint.ts';
import { gallop } from './gallop.ts';
import { jsonBytes, same } from './json-object.ts';
import { eight } from './key.ts';
import { manifestOf, reportEntry } from './manifest.ts';
import { readPart, writeParts } from './part-file.ts';
import type { Appended, Archive, Draft } from './port.ts';
import type { Store } from './store.ts';

/** A cloud's clock may run a little ahead of ours. */
const AHEAD_MS = 5 * 60_000;
const REMEMBERED = 20_000;

export type Chain = Pick<Archive, 'head' | 'entry' | 'parts' | 'append'>;

/** The reports of every source, each chained to the one before. A report is there when its manifest is. */
export function openChain(store: Store, clock: Clock): Chain {
  const heads = new BoundedMap<SourceName, ReportEntry>(REMEMBERED);

  async function head(source: SourceName): Promise<ReportEntry | undefined> {
    const known = heads.get(source);
    const found = await gallop((number) => store.get(manifestKey(source, number)), known?.number ?? 0);
    if (found === undefined) return known;
    const entry = reportEntry(source, found.number, found.bytes, manifestKey(source, found.number));
    heads.set(source, entry);
    return entry;
  }

  async function entry(source: SourceName, number: number): Promise<ReportEntry | undefined> {
    const bytes = await store.get(manifestKey(source, number));
    return bytes === undefined ? undefined : reportEntry(source, number, bytes, manifestKey(source, number));
  }

  async function append(source: SourceName, draft: Draft, base: ReportEntry | undefined): Promise<Appended> {
    const current = await head(source);
    if (current !== undefined && current.sha256 !== base?.sha256) return { kind: 'raced', head: current };
    if (base !== undefined) await confirm(store, base);
    checkTime(source, draft, base, clock);
    const folder = reportFolder(source, (base?.number ?? 0) + 1);
    const manifest = manifestOf(source, draft, await writeParts(store, folder, draft.parts), base);
    const bytes = jsonBytes(manifest);
    const key = `${folder}/manifest.json`;
    failpoint('archive.before_manifest');
    if ((await store.create(key, bytes)) === 'exists' && !(await holds(store, key, bytes))) {
      return raced(source, await head(source));
    }
    failpoint('archive.manifest_written');
    const appended = reportEntry(source, manifest.number, bytes, key);
    heads.set(source, appended);
    return { kind: 'appended', entry: appended };
  }

  return { head, entry, append, parts: (entry, names) => readParts(store, entry, names) };
}

export function reportFolder(source: SourceName, number: number): string {
  return `sources/${source}/${eight(number)}`;
}

export function manifestKey(source: SourceName, number: number): string {
  return `${reportFolder(source, number)}/manifest.json`;
}

async function readParts(store: Store, entry: ReportEntry, names?: readonly string[]): Promise<Parts> {
  const wanted = entry.manifest.parts.filter((ref) => names === undefined || names.includes(ref.name));
  const parts = new Map<string, Uint8Array>();
  for (const ref of wanted) {
    parts.set(ref.name, await readPart(store, reportFolder(entry.source, entry.number), ref));
  }
  return parts;
}

/** The head is remembered; before something is chained to it, it is looked at. */
async function confirm(store: Store, base: ReportEntry): Promise<void> {
  const key = manifestKey(base.source, base.number);
  if (await holds(store, key, jsonBytes(base.manifest))) return;
  throw new Fault('misconfigured', `archive object ${key} is lost or was changed: is this still the same archive`);
}

async function holds(store: Store, key: string, bytes: Uint8Array): Promise<boolean> {
  const there = await store.get(key);
  return there !== undefined && same(there, bytes);
}

function checkTime(source: SourceName, draft: Draft, base: ReportEntry | undefined, clock: Clock): void {
  const generatedAt = formatInstant(draft.generatedAt);
  if (base !== undefined && draft.generatedAt <= base.generatedAt) {
    const newest = formatInstant(base.generatedAt);
    throw new Fault(
      'malformed',
      `source ${source}: a report of ${generatedAt} is not newer than the newest, ${newest}`,
    );
  }
  if (draft.generatedAt > clock.now() + AHEAD_MS) {
    throw new Fault(
      'misconfigured',
      `source ${source}: a report of ${generatedAt} lies in the future: check the clock of this machine`,
    );
  }
}

function raced(source: SourceName, head: ReportEntry | undefined): Appended {
  if (head !== undefined) return { kind: 'raced', head };
  throw new Fault('malformed', `source ${source}: its manifest exists and cannot be read`);
}
