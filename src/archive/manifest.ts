import { z } from 'zod';
import { Fault } from '../domain/fault.ts';
import { formatInstant, type Instant, parseInstant } from '../domain/instant.ts';
import { parseSourceName, type SourceName } from '../domain/names.ts';
import type { Manifest, PartRef, ReportEntry } from '../domain/report.ts';
import { sha256 } from '../kit/hash.ts';
import { jsonBytes, parseObject, same } from './json-object.ts';
import { isSafeKey } from './key.ts';
import type { Draft } from './port.ts';

const Digest = z.string().regex(/^[0-9a-f]{64}$/);
const When = z.string().refine((text) => parseInstant(text) !== undefined);
const Count = z.int().min(0);

export const PartRefs: z.ZodType<PartRef[]> = z.array(
  z.strictObject({
    name: z.string(),
    file: z.string().refine((file) => isSafeKey(file) && !file.includes('/')),
    size: Count,
    sha256: Digest,
  }),
);

const Manifest = z.strictObject({
  version: z.literal(1),
  source: z.custom<SourceName>((value) => typeof value === 'string' && parseSourceName(value) !== undefined),
  number: z.int().min(1),
  generated_at: When,
  collected_at: When,
  origin: z.enum(['provider', 'synthesised', 'imported']),
  rows: Count,
  columns: Count,
  parts: PartRefs,
  request_ids: z.array(z.string()),
  cut: z.array(z.string()),
  muster: z.string(),
  previous: z.exactOptional(z.strictObject({ number: z.int().min(1), sha256: Digest })),
});

/** The order of the fields is part of the format. */
export function manifestOf(
  source: SourceName,
  draft: Draft,
  parts: readonly PartRef[],
  head: ReportEntry | undefined,
): Manifest {
  return {
    version: 1,
    source,
    number: (head?.number ?? 0) + 1,
    generated_at: formatInstant(draft.generatedAt),
    collected_at: formatInstant(draft.collectedAt),
    origin: draft.origin,
    rows: draft.rows,
    columns: draft.columns,
    parts,
    request_ids: draft.requestIds,
    cut: draft.cut,
    muster: draft.muster,
    ...(head === undefined ? {} : { previous: { number: head.number, sha256: head.sha256 } }),
  };
}

/** Undefined for anything that Muster would not have written, byte for byte. */
export function parseManifest(bytes: Uint8Array): Manifest | undefined {
  const parsed = Manifest.safeParse(parseObject(bytes));
  return parsed.success && same(jsonBytes(parsed.data), bytes) ? parsed.data : undefined;
}

export function reportEntry(source: SourceName, number: number, bytes: Uint8Array, key: string): ReportEntry {
  const manifest = parseManifest(bytes);
  if (manifest === undefined || manifest.source !== source || manifest.number !== number) {
    throw new Fault('malformed', `archive object ${key} was changed: it is not the manifest of report ${number}`);
  }
  return {
    source,
    number,
    generatedAt: instant(manifest.generated_at),
    collectedAt: instant(manifest.collected_at),
    sha256: sha256(bytes),
    manifest,
  };
}

function instant(text: string): Instant {
  return parseInstant(text) ?? 0; // the schema has refused all others
}
