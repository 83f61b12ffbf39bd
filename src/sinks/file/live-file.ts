import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '../../domain/fault.ts';
import type { Instant } from '../../domain/instant.ts';
import { failpoint } from '../../kit/failpoint.ts';
import { isCode } from './file-fault.ts';

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants;
const FLAGS = O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK;

/** The file that is being written, open. All of this happens under the lock. */
export interface LiveFile {
  readonly handle: FileHandle;
  /** Its size after our last batch; another size means that somebody else wrote, perhaps half a line. */
  knownBytes: number;
}

export async function openLiveFile(path: string, mode: number): Promise<LiveFile> {
  const handle = await openOrMake(path, mode);
  try {
    if (!(await handle.stat()).isFile()) {
      throw new Fault('misconfigured', `file ${path}: it is not a regular file: name a file`);
    }
    await syncFolder(dirname(path)); // also when it was there: its maker may have died before this
  } catch (failure) {
    await handle.close();
    throw failure;
  }
  return { handle, knownBytes: 0 };
}

/** Whether the path still names the file that is open: another worker or a log rotator may have moved it. */
export async function isInPlace(path: string, live: LiveFile): Promise<boolean> {
  const options = { bigint: true } as const;
  const opened = await live.handle.stat(options);
  try {
    const named = await stat(path, options);
    return named.ino === opened.ino && named.dev === opened.dev && named.nlink === 1n;
  } catch (failure) {
    if (isCode(failure, 'ENOENT')) return false;
    throw failure;
  }
}

/** Whole batch on disk, or nothing of it: what was written of a batch that failed is taken back. */
export async function append(live: LiveFile, bytes: Buffer, now: Instant): Promise<void> {
  const before = (await live.handle.stat()).size;
  live.knownBytes = -1;
  try {
    for (let at = 0; at < bytes.length; ) at += (await live.handle.write(bytes, at)).bytesWritten;
    // The file's time is the Clock's, so that all workers agree on the day that it belongs to.
    await live.handle.utimes(now / 1_000, now / 1_000).catch(() => undefined);
    failpoint('sink.file.appended');
    await live.handle.datasync();
    failpoint('sink.file.synced');
  } catch (failure) {
    await live.handle.truncate(before).catch(() => undefined); // if not, the next opening mends it
    throw failure;
  }
  live.knownBytes = before + bytes.length;
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function openOrMake(path: string, mode: number): Promise<FileHandle> {
  try {
    const made = await open(path, FLAGS | O_CREAT | O_EXCL, mode);
    await made.chmod(mode); // open's mode is cut by the umask
    return made;
  } catch (failure) {
    if (!isCode(failure, 'EEXIST')) throw failure;
    return await open(path, FLAGS);
  }
}
