import { Fault, type FaultKind } from '../domain/fault.ts';

const MEANING: Readonly<Record<string, readonly [FaultKind, string]>> = {
  ENOSPC: ['unreachable', 'no space is left: make room'],
  EDQUOT: ['unreachable', 'the disk quota is used up: make room'],
  EFBIG: ['unreachable', 'the file is too big for this process or file system'],
  EROFS: ['unreachable', 'the file system is read-only'],
  EIO: ['unreachable', 'the disk answers with errors: check it'],
  EACCES: ['denied', 'this user may not: check owner and mode'],
  EPERM: ['denied', 'this user may not, or the file system has no hard links'],
  ENOTSUP: ['misconfigured', 'the file system has no hard links: use another one'],
  EOPNOTSUPP: ['misconfigured', 'the file system has no hard links: use another one'],
  ENOTDIR: ['misconfigured', 'something on its path is not a folder'],
};

export function fileFault(archive: string, what: string, error: unknown): unknown {
  if (error instanceof Fault || !(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  const [kind, meaning] = MEANING[code] ?? ['unreachable', 'the file system refused'];
  return new Fault(kind, `archive ${archive}: ${what}: ${meaning} (${code})`, { cause: error });
}

export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
