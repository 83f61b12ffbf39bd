import { Fault, type FaultKind } from '../../domain/fault.ts';

const MEANINGS: Readonly<Record<string, readonly [FaultKind, string]>> = {
  ENOSPC: ['unreachable', 'no space is left on the disk: make room'],
  EDQUOT: ['unreachable', 'the disk quota is used up: make room'],
  EFBIG: ['unreachable', 'the file may not grow further: lower rotate_bytes or raise the limit'],
  EIO: ['unreachable', 'the disk reports an error: look at the disk'],
  ESTALE: ['unreachable', 'the network folder was replaced: mount it again'],
  ENOENT: ['misconfigured', 'its folder does not exist: create it or correct path'],
  ENOTDIR: ['misconfigured', 'a part of the path is not a folder: correct path'],
  EISDIR: ['misconfigured', 'it is a folder: name a file'],
  ELOOP: ['misconfigured', 'it is a symbolic link: name the file itself'],
  ENXIO: ['misconfigured', 'it is not a regular file: name a file'],
  ENAMETOOLONG: ['misconfigured', 'the name is too long: correct path'],
  EROFS: ['misconfigured', 'the disk is read-only: mount it writable or correct path'],
  EACCES: ['denied', 'Muster may not write there: give its user the right'],
  EPERM: ['denied', 'Muster may not write there: give its user the right'],
};

/** Says what an error of the file system means for the sink. What is already a Fault stays as it is. */
export function fileFault(path: string, failure: unknown): unknown {
  if (!(failure instanceof Error) || failure instanceof Fault) return failure;
  const code = (failure as NodeJS.ErrnoException).code;
  if (code === undefined) return failure;
  const [kind, meaning] = MEANINGS[code] ?? ['unreachable', 'it cannot be written'];
  return new Fault(kind, `file ${path}: ${meaning} (${code})`, { cause: failure });
}

export function isCode(failure: unknown, code: string): boolean {
  return failure instanceof Error && (failure as NodeJS.ErrnoException).code === code;
}
