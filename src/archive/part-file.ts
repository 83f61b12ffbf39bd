import { promisify } from 'node:util';
import { crc32, gunzip, gzip } from 'node:zlib';
import { Fault } from '../domain/fault.ts';
import type { Part, PartRef } from '../domain/report.ts';
import { failpoint } from '../kit/failpoint.ts';
import { sha256 } from '../kit/hash.ts';
import type { Store } from './store.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

const NAME = /^([a-z0-9][a-z0-9-]{0,60})\.([a-z0-9]{1,10})$/;
/** Small, and read by people: these stay as they are. */
const PLAIN = new Set(['context.json', 'findings.json', 'health.json']);
/** No name, no time, no operating system: the same on every machine, so that a flipped byte is seen here too. */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const GZIP_TRAILER_BYTES = 8;

/** `report.csv` becomes `report-<sha256 of the raw bytes>.csv.gz`. */
function partRef(part: Part): PartRef {
  const match = NAME.exec(part.name);
  if (match === null) throw new Fault('malformed', `${JSON.stringify(part.name)} cannot be the name of a part`);
  const digest = sha256(part.bytes);
  const file = `${match[1]}-${digest}.${match[2]}${PLAIN.has(part.name) ? '' : '.gz'}`;
  return { name: part.name, file, size: part.bytes.length, sha256: digest };
}

/** Writes the parts into the folder and reads each back: only then may a manifest name them. */
export async function writeParts(store: Store, folder: string, parts: readonly Part[]): Promise<readonly PartRef[]> {
  const refs = parts.map(partRef);
  if (new Set(refs.map((ref) => ref.name)).size !== parts.length || parts.length === 0) {
    throw new Fault('malformed', `${folder}: a report needs parts, each with a name of its own`);
  }
  for (const [index, part] of parts.entries()) {
    const ref = refs[index];
    if (ref === undefined) continue;
    await store.create(`${folder}/${ref.file}`, await encode(ref, part.bytes));
    await readPart(store, folder, ref);
    failpoint('archive.part_written');
  }
  return refs;
}

/** The raw bytes, checked against size and digest. */
export async function readPart(store: Store, folder: string, ref: PartRef): Promise<Uint8Array> {
  const key = `${folder}/${ref.file}`;
  const stored = await store.get(key);
  if (stored === undefined) throw new Fault('malformed', `archive object ${key} is lost: its manifest names it`);
  const raw = await decode(ref, stored);
  if (raw !== undefined && raw.length === ref.size && sha256(raw) === ref.sha256) return raw;
  throw new Fault('malformed', `archive object ${key} was changed: its digest does not fit`);
}

async function encode(ref: PartRef, raw: Uint8Array): Promise<Uint8Array> {
  if (!ref.file.endsWith('.gz')) return raw;
  const packed = await compress(raw, { level: 6 });
  packed.set(GZIP_HEADER);
  return packed;
}

async function decode(ref: PartRef, stored: Uint8Array): Promise<Uint8Array | undefined> {
  if (!ref.file.endsWith('.gz')) return stored;
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  if (!bytes.subarray(0, GZIP_HEADER.length).equals(GZIP_HEADER)) return undefined;
  try {
    const raw = await decompress(bytes, { maxOutputLength: Math.max(1, ref.size) });
    return endsWith(bytes, raw) ? raw : undefined;
  } catch {
    return undefined; // damaged, or longer than its manifest says
  }
}

/** zlib looks past whatever follows the stream; we do not. */
function endsWith(bytes: Buffer, raw: Uint8Array): boolean {
  const trailer = bytes.length - GZIP_TRAILER_BYTES;
  return bytes.readUInt32LE(trailer) === crc32(raw) && bytes.readUInt32LE(trailer + 4) === raw.length % 2 ** 32;
}
