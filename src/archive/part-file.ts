import { Fault } from '../domain/fault.ts';
import type { Part, PartRef } from '../domain/report.ts';
import { failpoint } from '../kit/failpoint.ts';
import { hashing } from '../kit/hash.ts';
import { inTurns } from '../kit/steps.ts';
import { pack, unpack } from './gzip.ts';
import type { Store } from './store.ts';

const NAME = /^([a-z0-9][a-z0-9-]{0,60})\.([a-z0-9]{1,10})$/;
/** Small, and read by people: these stay as they are. */
const PLAIN = new Set(['context.json', 'findings.json', 'health.json']);

/** `report.csv` becomes `report-<sha256 of the raw bytes>.csv.gz`. */
async function partRef(part: Part): Promise<PartRef> {
  const match = NAME.exec(part.name);
  if (match === null) throw new Fault('malformed', `${JSON.stringify(part.name)} cannot be the name of a part`);
  const digest = await inTurns(hashing(part.bytes));
  const file = `${match[1]}-${digest}.${match[2]}${PLAIN.has(part.name) ? '' : '.gz'}`;
  return { name: part.name, file, size: part.bytes.length, sha256: digest };
}

/** Writes the parts into the folder and reads each back: only then may a manifest name them. */
export async function writeParts(store: Store, folder: string, parts: readonly Part[]): Promise<readonly PartRef[]> {
  const refs: PartRef[] = [];
  for (const part of parts) refs.push(await partRef(part));
  if (new Set(refs.map((ref) => ref.name)).size !== parts.length || parts.length === 0) {
    throw new Fault('malformed', `${folder}: a report needs parts, each with a name of its own`);
  }
  for (const [index, part] of parts.entries()) {
    const ref = refs[index];
    if (ref === undefined) continue;
    await store.create(`${folder}/${ref.file}`, isPacked(ref) ? await pack(part.bytes) : part.bytes);
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
  const raw = isPacked(ref) ? await unpack(stored, ref.size) : stored;
  if (raw !== undefined && raw.length === ref.size && (await inTurns(hashing(raw))) === ref.sha256) return raw;
  throw new Fault('malformed', `archive object ${key} was changed: its digest does not fit`);
}

function isPacked({ file }: PartRef): boolean {
  return file.endsWith('.gz');
}
