import { randomBytes } from 'node:crypto';
import { link, open, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { BoundedMap } from '../kit/bounded-map.ts';
import { failpoint } from '../kit/failpoint.ts';
import { fileFault, isCode } from './file-fault.ts';
import { checkKey, checkPrefix, eight } from './key.ts';
import { makeFolder } from './make-folder.ts';
import type { Store } from './store.ts';

const TEMPORARY = '.tmp-';
/** Made by ext4 in the root of a volume, and readable by root only. */
const FOREIGN = 'lost+found';
const REMEMBERED = 10_000;
const OLD_MS = 60 * 60_000;
const REPORT = /^\d{8}$/;

/** An archive in a folder: one file per object, 0600 below folders 0700, made by link() and never renamed over. */
export async function openFileStore(directory: string): Promise<Store> {
  const root = resolve(directory);
  const guard: Guard = async (what, work) => {
    try {
      return await work();
    } catch (error) {
      throw fileFault(root, what, error);
    }
  };
  const sweep = leftoverSweep();
  const create = async (key: string, bytes: Uint8Array) => {
    const path = locate(root, checkKey(key));
    const { made, now } = await createFile(path, bytes);
    if (key.startsWith('sources/')) await sweep(dirname(path), now);
    return made;
  };
  await guard('opening it', () => makeFolderForGood(root));
  return {
    name: root,
    create: (key, bytes) => guard(`writing ${key}`, () => create(key, bytes)),
    get: (key) => guard(`reading ${key}`, () => readIfThere(locate(root, checkKey(key)))),
    list: (prefix, after) => walk(root, checkPrefix(prefix), after ?? '', guard),
    close: () => undefined,
  };
}

/** Keys are safe already; this is the second lock on the same door. */
function locate(root: string, key: string): string {
  const path = resolve(root, key);
  if (path !== root && !path.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw new RangeError('a key leads out of the archive');
  }
  return path;
}

/** Temporary file, fsync, link, fsync of the folder: a name that can be seen has all its bytes on the disk. */
async function createFile(path: string, bytes: Uint8Array): Promise<{ made: 'created' | 'exists'; now: number }> {
  const folder = dirname(path);
  const temporary = join(folder, `${TEMPORARY}${process.pid}-${randomBytes(8).toString('hex')}`);
  try {
    const now = await writeTemporary(temporary, bytes);
    const made = await linkOnce(temporary, path);
    failpoint('store.linked');
    // Also when it existed: whoever linked it may have died before this.
    await syncFolder(folder);
    failpoint('store.dir_synced');
    return { made, now };
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

/** Resolves to the moment of it, by the clock of the file system. */
async function writeTemporary(path: string, bytes: Uint8Array): Promise<number> {
  const handle = await openTemporary(path);
  try {
    await handle.writeFile(bytes);
    failpoint('store.tmp_written');
    await handle.sync();
    failpoint('store.synced');
    return (await handle.stat()).mtimeMs;
  } finally {
    await handle.close();
  }
}

async function openTemporary(path: string) {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
    await makeFolderForGood(dirname(path));
    return open(path, 'wx', 0o600);
  }
}

async function linkOnce(temporary: string, path: string): Promise<'created' | 'exists'> {
  try {
    await link(temporary, path);
    return 'created';
  } catch (error) {
    if (isCode(error, 'EEXIST')) return 'exists';
    throw error;
  }
}

/** A new folder is only there for good when the folder around it is on the disk. */
async function makeFolderForGood(folder: string): Promise<void> {
  const first = await makeFolder(folder, 0o700);
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Given the folder of a report, and the moment by the clock of that file system. */
type Sweep = (folder: string, now: number) => Promise<void>;

/**
 * A crash leaves half a file, with a report's bytes in it. Whoever writes a report removes what is older than an hour from
 * its folder and from that of the report before, once: after a crash the same number is written too soon, the next is not.
 */
function leftoverSweep(): Sweep {
  const swept = new BoundedMap<string, true>(REMEMBERED);
  return async (folder, now) => {
    if (!REPORT.test(basename(folder)) || swept.has(folder)) return;
    swept.set(folder, true);
    await sweepFolder(folder, now);
    await sweepFolder(join(dirname(folder), eight(Number(basename(folder)) - 1)), now);
  };
}

/** The object that was written is there: no trouble with the old ones may fail it. */
async function sweepFolder(folder: string, now: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(TEMPORARY))) {
    const path = join(folder, name);
    const there = await stat(path).catch(() => undefined);
    if (there !== undefined && now - there.mtimeMs > OLD_MS) await unlink(path).catch(() => undefined);
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) return undefined;
    throw error;
  }
}

type Guard = <T>(what: string, work: () => Promise<T>) => Promise<T>;

/** One folder in memory at a time along the path; folders that lie wholly before `after` are not opened. */
async function* walk(root: string, prefix: string, after: string, guard: Guard): AsyncIterable<string> {
  const names = await guard(`listing ${prefix}`, () => entries(locate(root, prefix), prefix === ''));
  const keys = names.map((name) => prefix + name).filter((key) => key > after || after.startsWith(key));
  for (const key of keys.sort(byBytes)) {
    if (key.endsWith('/')) yield* walk(root, key, after, guard);
    else if (key > after) yield key;
  }
}

/** Folders carry their slash, so that sorting the names sorts the keys below them. */
async function entries(folder: string, isRoot: boolean): Promise<string[]> {
  try {
    const found = await readdir(folder, { withFileTypes: true });
    return found
      .filter((entry) => !entry.name.startsWith(TEMPORARY) && !(isRoot && entry.name === FOREIGN))
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

function byBytes(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
