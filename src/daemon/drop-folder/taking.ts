import { constants } from 'node:fs';
import { lstat, open, readdir, rename, rmdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makeFolder } from '../../archive/make-folder.ts';
import { sha256 } from '../../kit/hash.ts';

/** Where a file is while it is imported: hidden, so that nobody takes it for one that waits. */
const TAKEN = '.taken';
const DONE = 'done';
const REFUSED = 'refused';

const LONGEST_NAME = 200;
const NAME_KEPT = 50;

/** One regular file as it stood there at one moment. */
export interface Standing {
  readonly name: string;
  /** Differs as soon as anything was written to it, or another file has its name. */
  readonly identity: string;
}

/** Visible regular files; links, folders and files of a program that is still writing them are passed over. */
export async function standingIn(folder: string): Promise<readonly Standing[]> {
  const found: Standing[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const { name } = entry;
    if (!entry.isFile() || isUnfinished(name)) continue;
    const stat = await lstat(join(folder, name)).catch(() => undefined); // gone meanwhile
    if (stat?.isFile() === true) found.push({ name, identity: identityOf(stat) });
  }
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** What browsers and copying programs call a file that is not whole yet. */
function isUnfinished(name: string): boolean {
  return (
    name.startsWith('.') || name.endsWith('~') || /\.(?:part|partial|tmp|download|crdownload|filepart)$/i.test(name)
  );
}

/** By rename, into a folder of its own: whatever gets its name afterwards is another file. Undefined when somebody else was quicker. */
export async function take(folder: string, { name, identity }: Standing): Promise<string | undefined> {
  const place = join(folder, TAKEN, sha256(identity).slice(0, 16));
  await makeFolder(place, 0o700);
  const taken = join(place, name);
  try {
    await rename(join(folder, name), taken);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'ENOENT') throw error;
    await rmdir(place).catch(() => undefined);
    return undefined;
  }
  return taken;
}

/** Those that a process took and did not finish. */
export async function leftTaken(folder: string): Promise<readonly string[]> {
  const places = await readdir(join(folder, TAKEN)).catch(() => []);
  const files: string[] = [];
  for (const place of places) {
    const within = join(folder, TAKEN, place);
    const names = await readdir(within).catch(() => []);
    if (names.length === 0) await rmdir(within).catch(() => undefined);
    files.push(...names.map((name) => join(within, name)));
  }
  return files;
}

/** Oldest first: a report that is older than the newest one is refused. */
export async function inOrder(
  files: Iterable<string>,
  timeOf: (name: string, writtenAt: number) => number,
): Promise<readonly string[]> {
  const timed: { readonly file: string; readonly at: number }[] = [];
  for (const file of files) {
    const writtenAt = (await lstat(file).catch(() => undefined))?.mtimeMs ?? 0; // gone: another process took it
    timed.push({ file, at: timeOf(basename(file), writtenAt) });
  }
  return timed.toSorted((a, b) => a.at - b.at).map(({ file }) => file);
}

export type Read =
  | { readonly is: 'whole'; readonly bytes: Uint8Array; readonly writtenAt: number }
  | { readonly is: 'too large' }
  /** Somebody writes to it, or it is gone. */
  | { readonly is: 'changing' };

/** The bytes, if nothing was written while they were read. */
export async function readWhole(path: string, mostBytes: number): Promise<Read> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => undefined);
  if (file === undefined) return { is: 'changing' };
  try {
    const before = await file.stat();
    if (before.size > mostBytes) return { is: 'too large' };
    const bytes = await file.readFile();
    const after = await file.stat();
    const isWhole = identityOf(before) === identityOf(after) && bytes.length === after.size;
    return isWhole ? { is: 'whole', bytes: new Uint8Array(bytes), writtenAt: after.mtimeMs } : { is: 'changing' };
  } finally {
    await file.close();
  }
}

/** To `done/` or `refused/`, under a name that begins with its digest: two files of one name do not meet. */
export async function putAway(
  folder: string,
  taken: string,
  where: typeof DONE | typeof REFUSED,
  digest: string,
  why?: string,
): Promise<string> {
  const name = `${digest.slice(0, 12)}-${fitting(basename(taken))}`;
  const target = join(folder, where, name);
  await makeFolder(join(folder, where), 0o700);
  if (why !== undefined) await writeFile(`${target}.txt`, `${why}\n`, { mode: 0o600 });
  await rename(taken, target).catch((error: unknown) => {
    if ((error as { readonly code?: unknown }).code !== 'ENOENT') throw error; // another process put it away
  });
  await rmdir(join(taken, '..')).catch(() => undefined);
  return `${where}/${name}`;
}

function fitting(name: string): string {
  return Buffer.byteLength(name) <= LONGEST_NAME ? name : Array.from(name).slice(-NAME_KEPT).join('');
}

interface Stat {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
}

function identityOf({ dev, ino, size, mtimeMs }: Stat): string {
  return `${dev}-${ino}-${size}-${mtimeMs}`;
}
