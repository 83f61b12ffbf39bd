import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Diagnostic } from './config-error.ts';

const MAX_BYTES = 1_048_576;

export type Read = { readonly text: string } | { readonly problem: Diagnostic };

/** A config file's text, or why there is none. */
export async function readConfigFile(file: string): Promise<Read> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK); // a FIFO may not block us
    return await read(file, handle);
  } catch (failure) {
    return problem(file, problemOf(failure));
  } finally {
    await handle?.close();
  }
}

async function read(file: string, handle: FileHandle): Promise<Read> {
  const stats = await handle.stat();
  if (!stats.isFile()) return problem(file, 'is not a regular file');
  if (stats.size > MAX_BYTES) return problem(file, 'is larger than 1 MB');
  return decode(file, await handle.readFile());
}

export function decode(file: string, bytes: Uint8Array): Read {
  const text = utf8(bytes);
  if (text !== undefined) return { text };
  return problem(file, 'not UTF-8 text', firstBrokenLine(bytes));
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function firstBrokenLine(bytes: Uint8Array): number {
  for (let line = 1, start = 0; ; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    const stop = end === -1 ? bytes.length : end;
    if (end === -1 || utf8(bytes.subarray(start, stop)) === undefined) return line;
    start = stop + 1;
  }
}

function problemOf(failure: unknown): string {
  const code = (failure as { code?: unknown }).code;
  if (code === 'ENOENT') return 'no such file: try "muster demo", or copy config/example.yaml';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  return `cannot be read (${typeof code === 'string' ? code : 'unknown reason'})`;
}

function problem(file: string, message: string, line = 0): Read {
  return { problem: { file, line, column: line === 0 ? 0 : 1, message, severity: 'error' } };
}
