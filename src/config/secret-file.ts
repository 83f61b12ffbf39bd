import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

export type SecretFile =
  | { readonly value: string; readonly mode: string; readonly isOpenToOthers: boolean }
  | { readonly problem: string };

const MAX_BYTES = 65_536;
const GROUP_AND_OTHERS = 0o077;

/** The text of a secret file without its last newline, or why there is none. */
export async function readSecretFile(file: string): Promise<SecretFile> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK); // a FIFO may not block us
    return await read(handle);
  } catch (failure) {
    return { problem: problemOf(failure) };
  } finally {
    await handle?.close();
  }
}

async function read(handle: FileHandle): Promise<SecretFile> {
  const stats = await handle.stat();
  if (!stats.isFile()) return { problem: 'is not a regular file' };
  if (stats.size > MAX_BYTES) return { problem: `is larger than ${MAX_BYTES} bytes` };
  const text = new TextDecoder('utf-8', { fatal: true }).decode(await handle.readFile());
  const value = text.replace(/\r?\n$/, '');
  if (value === '') return { problem: 'is empty' };
  const mode = stats.mode & 0o777;
  return { value, mode: mode.toString(8).padStart(4, '0'), isOpenToOthers: (mode & GROUP_AND_OTHERS) !== 0 };
}

function problemOf(failure: unknown): string {
  if (failure instanceof TypeError) return 'is not UTF-8 text';
  const code = (failure as { code?: unknown }).code;
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  return `cannot be read (${typeof code === 'string' ? code : 'unknown reason'})`;
}
