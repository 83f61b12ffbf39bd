import type { Quarantined } from '../archive/port.ts';
import type { ParsedReport, Part, RawReport, ReportEntry } from '../domain/report.ts';
import type { ReportKind } from '../providers/provider.ts';
import { guard } from './guard.ts';
import { accountOf, isOfTheFuture, type Kept, keep, parseOnce, since, undecidedOf } from './keep.ts';
import type { ConfiguredSource, Stage } from './stage.ts';

export interface Reconsidered {
  readonly head: ReportEntry | undefined;
  /** What is in quarantine: read once in a look, and handed on. */
  readonly held: readonly Quarantined[];
}

/** What an older Muster could not read may be whole for this one: then it joins the chain by itself. */
export async function reconsider(target: ConfiguredSource, kind: ReportKind, stage: Stage): Promise<Reconsidered> {
  const before = await stage.archive.head(target.source);
  const held = await stage.archive.quarantined(target.source);
  let head = before;
  for (const quarantined of undecidedOf(since(head, held))) {
    if (quarantined.muster === stage.version || isOfTheFuture(quarantined, stage)) continue;
    const raw = rawOf(quarantined, await stage.archive.quarantinedParts(quarantined));
    const parsed = await parseOnce(target, kind, raw, stage);
    if (parsed === undefined || guard(parsed, head, [], accountOf(target, stage)) !== undefined) continue;
    const kept = await join(target, kind, quarantined, raw, stage, parsed);
    if (kept.kind === 'archived') head = kept.entry;
  }
  return { head, held: head === before ? held : await stage.archive.quarantined(target.source) };
}

/** `muster reports accept`: the report joins the chain as it is. */
export async function release(
  target: ConfiguredSource,
  kind: ReportKind,
  quarantined: Quarantined,
  stage: Stage,
): Promise<Kept> {
  return join(target, kind, quarantined, rawOf(quarantined, await stage.archive.quarantinedParts(quarantined)), stage);
}

async function join(
  target: ConfiguredSource,
  kind: ReportKind,
  quarantined: Quarantined,
  raw: RawReport,
  stage: Stage,
  parsed?: ParsedReport,
): Promise<Kept> {
  const kept = await keep(target, kind, raw, stage, { accepted: true, ...(parsed === undefined ? {} : { parsed }) });
  if (kept.kind === 'archived') await stage.archive.decide(quarantined, 'accepted', stage.clock.now());
  return kept;
}

function rawOf(quarantined: Quarantined, parts: ReadonlyMap<string, Uint8Array>): RawReport {
  const { generatedAt, collectedAt, origin, requestIds, cut, notVisible = [], cloudName } = quarantined;
  const list: Part[] = [...parts].map(([name, bytes]) => ({ name, bytes }));
  return {
    generatedAt,
    collectedAt,
    origin,
    requestIds,
    cut,
    parts: list,
    notVisible,
    ...(cloudName === undefined ? {} : { cloudName }),
  };
}
