import { link, readdir, stat, unlink } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { formatInstant, type Instant } from '../../domain/instant.ts';
import { failpoint } from '../../kit/failpoint.ts';
import { isCode } from './file-fault.ts';
import { syncFolder } from './live-file.ts';

export interface RotationRule {
  readonly rotateBytes: number;
  readonly daily: boolean;
}

/** Between batches only: whether the next batch belongs into a new file. An empty file is never put aside. */
export function isRotationDue(
  file: { readonly size: number; readonly mtimeMs: number },
  batchBytes: number,
  now: Instant,
  rule: RotationRule,
): boolean {
  if (file.size === 0) return false;
  return file.size + batchBytes > rule.rotateBytes || (rule.daily && dayOf(file.mtimeMs) < dayOf(now));
}

/**
 * Puts the live file aside as `<stem>-<day>-<nnn><ext>`. A second name first, then the first name goes: `link` refuses a
 * name that is taken, where `rename` would replace it without a word.
 */
export async function rotate(path: string, lastWritten: Instant): Promise<string> {
  const day = dayOf(lastWritten);
  for (let number = 1; ; number += 1) {
    const aside = asideName(path, day, number);
    try {
      await link(path, aside);
    } catch (failure) {
      if (isCode(failure, 'EEXIST')) continue;
      throw failure;
    }
    await syncFolder(dirname(path));
    failpoint('sink.file.rotated');
    await unlink(path);
    await syncFolder(dirname(path));
    return aside;
  }
}

/** A crash between the two steps leaves one file under both names: the second step is done now. */
export async function finishRotation(path: string): Promise<void> {
  const live = await stat(path, { bigint: true }).catch(undefinedIfGone);
  if (live === undefined || live.nlink === 1n) return;
  const folder = dirname(path);
  for (const name of (await readdir(folder)).filter((name) => isAsideName(path, name))) {
    const aside = await stat(join(folder, name), { bigint: true }).catch(undefinedIfGone);
    if (aside?.ino !== live.ino || aside.dev !== live.dev) continue;
    await unlink(path);
    return await syncFolder(folder);
  }
}

function asideName(path: string, day: string, number: number): string {
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}-${day}-${String(number).padStart(3, '0')}${ext}`);
}

function isAsideName(path: string, candidate: string): boolean {
  const { name, ext } = parse(path);
  if (!candidate.startsWith(`${name}-`) || !candidate.endsWith(ext)) return false;
  return /^\d{4}-\d{2}-\d{2}-\d{3,}$/.test(candidate.slice(name.length + 1, candidate.length - ext.length));
}

function dayOf(instant: Instant): string {
  return formatInstant(instant).slice(0, 10);
}

function undefinedIfGone(failure: unknown): undefined {
  if (!isCode(failure, 'ENOENT')) throw failure;
}
