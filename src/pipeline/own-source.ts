import { type Instant } from '../domain/instant.ts';
import type { SourceName } from '../domain/names.ts';
import { CONTEXT_PART, FINDINGS_PART, type Part, type ReportEntry } from '../domain/report.ts';
import { enqueueDeliveries } from './collect.ts';
import { jsonPart } from './json-part.ts';
import type { Stage } from './stage.ts';

interface OwnReport {
  readonly part: Part;
  readonly rows: number;
  readonly everyMs: number;
}

/** Files what Muster knows of itself: a source like any other. When another replica was quicker, the next plan compares again. */
export async function fileOwn(
  stage: Stage,
  source: SourceName,
  head: ReportEntry | undefined,
  report: OwnReport,
): Promise<void> {
  await stage.archive.seen(source, stage.clock.now());
  const now = Math.max(stage.clock.now(), (head?.generatedAt ?? 0) + 1);
  const appended = await stage.archive.append(source, draftOf(stage, report, now), head);
  if (appended.kind === 'appended') await enqueueDeliveries(appended.entry, stage);
}

function draftOf(stage: Stage, { part, rows, everyMs }: OwnReport, now: Instant) {
  const context = {
    version: 1,
    account: { provider: 'muster', id: stage.deployment, name: stage.deployment, labels: {} },
    every_ms: everyMs,
    rules: {},
    not_visible: [],
    muster: stage.version,
  };
  return {
    generatedAt: now,
    collectedAt: now,
    origin: 'provider' as const,
    rows,
    columns: 0,
    parts: [part, jsonPart(CONTEXT_PART, context), jsonPart(FINDINGS_PART, { version: 1, checks: {}, open: [] })],
    requestIds: [],
    cut: [],
    muster: stage.version,
  };
}
