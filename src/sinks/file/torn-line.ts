import type { FileHandle } from 'node:fs/promises';
import { Fault } from '../../domain/fault.ts';
import type { LiveFile } from './live-file.ts';

const NEWLINE = 0x0a;
const CHUNK_BYTES = 65_536;
/** Longer than any batch: a tail beyond it was not written by Muster. */
const LONGEST_TAIL_BYTES = 16 * 1_048_576;

/**
 * A crash in the middle of a batch leaves a line without its end. Its event has no receipt and comes again, so the line
 * is cut off; if only the newline is missing, it is added. Returns how many bytes were cut.
 */
export async function mendTail(path: string, live: LiveFile): Promise<number> {
  const { handle } = live;
  const { size } = await handle.stat();
  if (size === live.knownBytes) return 0;
  const cut = size === 0 || (await lastByte(handle, size)) === NEWLINE ? 0 : await mend(path, handle, size);
  live.knownBytes = (await handle.stat()).size;
  return cut;
}

async function mend(path: string, handle: FileHandle, size: number): Promise<number> {
  const tail = await tailAfterNewline(path, handle, size);
  const whole = isWhole(tail);
  if (whole) await handle.write('\n');
  else await handle.truncate(size - tail.length);
  await handle.datasync();
  return whole ? 0 : tail.length;
}

async function tailAfterNewline(path: string, handle: FileHandle, size: number): Promise<Buffer> {
  let tail: Buffer = Buffer.alloc(0);
  for (let end = size; end > 0 && tail.length <= LONGEST_TAIL_BYTES; end -= CHUNK_BYTES) {
    const start = Math.max(0, end - CHUNK_BYTES);
    const chunk = Buffer.alloc(end - start);
    await handle.read(chunk, 0, chunk.length, start);
    const newline = chunk.lastIndexOf(NEWLINE);
    tail = Buffer.concat([chunk.subarray(newline + 1), tail]);
    if (newline >= 0 || start === 0) return tail;
  }
  throw new Fault('misconfigured', `file ${path} does not hold lines of events: name another file`);
}

async function lastByte(handle: FileHandle, size: number): Promise<number | undefined> {
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, size - 1);
  return byte[0];
}

function isWhole(tail: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(tail.toString('utf8'));
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}
