import { promisify } from 'node:util';
import { crc32, gunzip, gzip } from 'node:zlib';
import { inTurns, type Steps } from '../kit/steps.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** No name, no time, no operating system: the same on every machine, so that a flipped byte is seen here too. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const TRAILER_BYTES = 8;
/** zlib gives its result away by so much, each time waits for a thread, and joins the pieces while everybody waits. */
const MOST_AT_ONCE = 64 * 1024 * 1024;

export async function pack(raw: Uint8Array): Promise<Uint8Array> {
  const packed = await compress(raw, { level: 6, chunkSize: chunkOf(raw.length >> 2) });
  packed.set(HEADER);
  return packed;
}

/** Undefined when the bytes are not as `pack` made them, or hold more than `size`; without it, more than they say themselves. */
export async function unpack(packed: Uint8Array, size?: number): Promise<Uint8Array | undefined> {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const trailer = bytes.length - TRAILER_BYTES;
  if (trailer < HEADER.length || !bytes.subarray(0, HEADER.length).equals(HEADER)) return undefined;
  const length = bytes.readUInt32LE(trailer + 4);
  try {
    const most = Math.max(1, size ?? length);
    const raw = await decompress(bytes, { maxOutputLength: most, chunkSize: chunkOf(most + 1) });
    // zlib looks past whatever follows the stream; we do not.
    return bytes.readUInt32LE(trailer) === (await inTurns(summing(raw))) && length === raw.length % 2 ** 32
      ? raw
      : undefined;
  } catch {
    return undefined;
  }
}

function chunkOf(bytes: number): number {
  return Math.min(MOST_AT_ONCE, Math.max(1_024, bytes));
}

const BYTES_OF_STEP = 1024 * 1024;

function* summing(raw: Uint8Array): Steps<number> {
  let sum = 0;
  for (let at = 0; at < raw.length; at += BYTES_OF_STEP) {
    sum = crc32(raw.subarray(at, at + BYTES_OF_STEP), sum);
    yield;
  }
  return sum;
}
