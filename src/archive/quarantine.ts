import { z } from 'zod';
import { Fault } from '../domain/fault.ts';
import { formatInstant, type Instant, parseInstant } from '../domain/instant.ts';
import { parseSourceName, type SourceName } from '../domain/names.ts';
import type { PartRef, Parts } from '../domain/report.ts';
import { BoundedMap } from '../kit/bounded-map.ts';
import { failpoint } from '../kit/failpoint.ts';
import { sha256 } from '../kit/hash.ts';
import type { Damage } from './damage.ts';
import { sealed, unseal } from './json-object.ts';
import { PartRefs } from './manifest.ts';
import { readPart, writeParts } from './part-file.ts';
import type { Archive, Decision, Draft, Quarantined } from './port.ts';
import type { OpenSeries } from './series.ts';
import type { Store } from './store.ts';

const Kept = z.object({
  id: z.string(),
  source: z.custom<SourceName>((value) => typeof value === 'string' && parseSourceName(value) !== undefined),
  generated_at: z.string(),
  collected_at: z.string(),
  reason: z.string(),
  muster: z.string(),
  rows: z.int(),
  columns: z.int(),
  origin: z.enum(['provider', 'synthesised', 'imported']),
  request_ids: z.array(z.string()),
  cut: z.array(z.string()),
  not_visible: z.exactOptional(z.array(z.string())),
  cloud_name: z.exactOptional(z.string()),
  parts: PartRefs,
});
type Kept = z.infer<typeof Kept>;

interface Decided {
  readonly decision: Decision;
  readonly at: string;
}

const REMEMBERED = 5_000;

export type Quarantine = Pick<Archive, 'quarantine' | 'quarantined' | 'quarantinedParts' | 'decide'>;

/** Reports that the guard did not let into the chain, kept as evidence until somebody decides. */
export function openQuarantine(store: Store, openSeries: OpenSeries, damage: Damage): Quarantine {
  const remembered = new BoundedMap<string, Kept>(REMEMBERED);
  const decisions = (source: SourceName, id: string) => openSeries<Decided>(['quarantine', source, id]);

  async function quarantine(source: SourceName, draft: Draft, reason: string): Promise<Quarantined> {
    const id = quarantineId(draft);
    const folder = quarantineFolder(source, id);
    const parts = await writeParts(store, folder, draft.parts);
    await store.create(`${folder}/manifest.json`, sealed(keptOf(id, source, draft, parts, reason)));
    failpoint('archive.quarantined');
    return withDecision(await recall(`${folder}/manifest.json`));
  }

  async function recall(key: string): Promise<Kept> {
    const kept = remembered.get(key) ?? (await readKept(store, key));
    remembered.set(key, kept);
    return kept;
  }

  async function withDecision(kept: Kept): Promise<Quarantined> {
    const latest = await decisions(kept.source, kept.id).latest();
    return quarantinedOf(kept, latest?.value.decision);
  }

  async function quarantined(source?: SourceName): Promise<readonly Quarantined[]> {
    const found: Quarantined[] = [];
    for await (const key of store.list(source === undefined ? 'quarantine/' : `quarantine/${source}/`)) {
      if (!key.endsWith('/manifest.json')) continue;
      const one = await damage.passOver(key, async () => withDecision(await recall(key)));
      if (one !== undefined) found.push(one);
    }
    return found.sort((a, b) => a.generatedAt - b.generatedAt);
  }

  async function quarantinedParts({ source, id }: Quarantined): Promise<Parts> {
    const folder = quarantineFolder(source, id);
    const parts = new Map<string, Uint8Array>();
    for (const ref of (await readKept(store, `${folder}/manifest.json`)).parts) {
      parts.set(ref.name, await readPart(store, folder, ref));
    }
    return parts;
  }

  async function decide({ source, id }: Quarantined, decision: Decision, at: Instant): Promise<void> {
    const series = decisions(source, id);
    for (;;) {
      const latest = await series.latest();
      if (latest?.value.decision === decision) return;
      if (await series.append({ decision, at: formatInstant(at) }, latest?.number ?? 0)) return;
    }
  }

  return { quarantine, quarantined, quarantinedParts, decide };
}

/** The same bytes of the same moment are the same report, however often the guard refuses them. */
function quarantineId(draft: Draft): string {
  const moment = formatInstant(draft.generatedAt).replace(/[-:.]/g, '');
  return `${moment}-${sha256(draft.parts[0]?.bytes ?? '').slice(0, 12)}`;
}

function quarantineFolder(source: SourceName, id: string): string {
  return `quarantine/${source}/${id}`;
}

function keptOf(id: string, source: SourceName, draft: Draft, parts: readonly PartRef[], reason: string): Kept {
  return {
    id,
    source,
    generated_at: formatInstant(draft.generatedAt),
    collected_at: formatInstant(draft.collectedAt),
    reason,
    muster: draft.muster,
    rows: draft.rows,
    columns: draft.columns,
    origin: draft.origin,
    request_ids: [...draft.requestIds],
    cut: [...draft.cut],
    ...(draft.notVisible === undefined ? {} : { not_visible: [...draft.notVisible] }),
    ...(draft.cloudName === undefined ? {} : { cloud_name: draft.cloudName }),
    parts: [...parts],
  };
}

async function readKept(store: Store, key: string): Promise<Kept> {
  const bytes = await store.get(key);
  if (bytes === undefined) throw new Fault('malformed', `archive object ${key} is lost`);
  return parseKept(bytes, key);
}

export function parseKept(bytes: Uint8Array, key: string): Kept {
  const kept = Kept.safeParse(unseal(bytes, key));
  const folder = kept.success ? quarantineFolder(kept.data.source, kept.data.id) : undefined;
  if (kept.success && key === `${folder}/manifest.json`) return kept.data;
  throw new Fault('malformed', `archive object ${key} was changed: it is not the manifest of a quarantined report`);
}

function quarantinedOf(kept: Kept, decision: Decision | undefined): Quarantined {
  return {
    id: kept.id,
    source: kept.source,
    generatedAt: parseInstant(kept.generated_at) ?? 0, // sealed: as we wrote it
    collectedAt: parseInstant(kept.collected_at) ?? 0,
    reason: kept.reason,
    muster: kept.muster,
    rows: kept.rows,
    columns: kept.columns,
    origin: kept.origin,
    requestIds: kept.request_ids,
    cut: kept.cut,
    ...(kept.not_visible === undefined ? {} : { notVisible: kept.not_visible }),
    ...(kept.cloud_name === undefined ? {} : { cloudName: kept.cloud_name }),
    ...(decision === undefined ? {} : { decision }),
  };
}
