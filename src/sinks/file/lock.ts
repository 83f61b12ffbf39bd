import { randomInt, randomUUID } from 'node:crypto';
import { type FileHandle, open, readFile, stat, unlink } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from '../../domain/fault.ts';
import { systemClock } from '../../kit/clock.ts';
import { isCode } from './file-fault.ts';

/**
 * One writer at a time, over processes and over containers that share a volume (a pid would mean nothing there).
 * The lock is a file beside the data, made exclusively, holding its owner's random id and written again every few
 * seconds while it is held. One that was not written for STALE_MS belongs to a dead process and is removed; then
 * everybody competes for making it again, so exactly one wins. Real time, not the Clock: it guards against real processes.
 */
export interface Lock {
  /** False once somebody took it for stale, for example while this process was stopped. */
  isMine(): Promise<boolean>;
  release(): Promise<void>;
}

const STALE_MS = 30_000;
const REFRESH_MS = 5_000;
const PATIENCE_MS = 2_000;
const POLL_MS = [5, 25] as const;

export async function lockBeside(path: string, signal: AbortSignal): Promise<Lock> {
  const lock = `${path}.lock`;
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    signal.throwIfAborted();
    const made = await make(lock);
    if (made !== undefined) return made;
    if (await removeStale(lock)) continue;
    if (performance.now() >= giveUpAt) throw busy(path);
    await pause(randomInt(...POLL_MS)); // short: the signal is asked above
  }
}

function busy(path: string): Fault {
  return new Fault('throttled', `file ${path} is being written by another worker`, { retryAfterMs: 1_000 });
}

async function make(lock: string): Promise<Lock | undefined> {
  const owner = randomUUID();
  const handle = await openNew(lock);
  if (handle === undefined) return undefined;
  try {
    await handle.write(owner, 0);
  } catch (failure) {
    await handle.close();
    await unlink(lock);
    throw failure;
  }
  return held(lock, owner, handle);
}

function held(lock: string, owner: string, handle: FileHandle): Lock {
  let writtenAt = performance.now();
  const refresh = async () => {
    await handle.write(owner, 0);
    writtenAt = performance.now();
  };
  const timer = setInterval(() => void refresh().catch(() => undefined), REFRESH_MS);
  timer.unref();
  const isMine = async () => performance.now() - writtenAt < STALE_MS / 2 && (await ownerOf(lock)) === owner;
  return {
    isMine,
    async release() {
      clearInterval(timer);
      await handle.close();
      // Written long ago means that it may be somebody else's by the time it is removed: it is left to go stale.
      if (await isMine()) await unlink(lock);
    },
  };
}

/** True when the way is free to try again. Only the maker of the guard file may remove a lock, after a second look. */
async function removeStale(lock: string): Promise<boolean> {
  if (!(await isOld(lock, systemClock().now()))) return false;
  const guard = `${lock}.takeover`;
  const handle = await openNew(guard);
  if (handle === undefined) {
    // Held for less than a millisecond: an old one was left by a process that was killed just then.
    if (await isOld(guard, systemClock().now())) await unlinkIfThere(guard);
    return false;
  }
  try {
    // Both times are the file system's own, so hosts whose clocks differ agree.
    const now = (await handle.stat()).mtimeMs;
    if (!(await isOld(lock, now))) return false;
    await unlinkIfThere(lock);
    return true;
  } finally {
    await handle.close();
    await unlinkIfThere(guard);
  }
}

async function openNew(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (failure) {
    if (isCode(failure, 'EEXIST')) return undefined;
    throw failure;
  }
}

async function isOld(path: string, now: number): Promise<boolean> {
  const found = await stat(path).catch(undefinedIfGone);
  return found !== undefined && now - found.mtimeMs > STALE_MS;
}

async function ownerOf(lock: string): Promise<string | undefined> {
  return await readFile(lock, 'utf8').catch(undefinedIfGone);
}

async function unlinkIfThere(path: string): Promise<void> {
  await unlink(path).catch(undefinedIfGone);
}

function undefinedIfGone(failure: unknown): undefined {
  if (!isCode(failure, 'ENOENT')) throw failure;
}
