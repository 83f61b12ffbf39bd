import { formatInstant, type Instant } from '../domain/instant.ts';
import type { ParsedReport, RawReport } from '../domain/report.ts';
import { failpoint } from '../kit/failpoint.ts';
import { sha256 } from '../kit/hash.ts';
import type { ReportKind } from '../providers/provider.ts';
import { enqueueDeliveries } from './collect.ts';
import { type Kept, keep, parseOnce } from './keep.ts';
import type { ConfiguredSource, Stage } from './stage.ts';

export type Imported =
  | Kept
  /** It is no report of this kind: nothing was kept. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** These very bytes were brought before. */
  | { readonly kind: 'known'; readonly as: string };

/** What became of a file that was brought; nobody said when it was made, so the same bytes are the same report. */
interface Brought {
  readonly version: 1;
  readonly as: string;
  readonly at: string;
}

/** A CSV that a person brings and says the time of, through the guard that collected reports pass. */
export async function importReport(
  target: ConfiguredSource,
  kind: ReportKind,
  bytes: Uint8Array,
  generatedAt: Instant,
  stage: Stage,
): Promise<Kept> {
  return file(target, kind, rawOf(target, kind, bytes, generatedAt, stage), stage);
}

/** As `importReport`, for a file that nobody looks at while it is taken: what is no report is refused, and the same file twice is one. */
export async function importFile(
  target: ConfiguredSource,
  kind: ReportKind,
  bytes: Uint8Array,
  generatedAt: Instant,
  stage: Stage,
): Promise<Imported> {
  const brought = stage.archive.series<Brought>(['imports', ...target.source.split('/'), sha256(bytes)]);
  const before = await brought.latest();
  if (before !== undefined) return { kind: 'known', as: before.value.as };
  const raw = rawOf(target, kind, bytes, generatedAt, stage);
  const parsed = await parseOnce(target, kind, raw, stage);
  const [defect] = parsed?.defects ?? [];
  if (defect !== undefined) return { kind: 'refused', reason: saying(defect) };
  const kept = await file(target, kind, raw, stage, parsed);
  const as = nameOf(kept);
  if (as !== undefined) await brought.append({ version: 1, as, at: formatInstant(stage.clock.now()) }, 0);
  return kept;
}

async function file(
  target: ConfiguredSource,
  kind: ReportKind,
  raw: RawReport,
  stage: Stage,
  parsed?: ParsedReport,
): Promise<Kept> {
  await stage.archive.seen(target.source, stage.clock.now());
  const kept = await keep(target, kind, raw, stage, parsed === undefined ? {} : { parsed });
  failpoint('import.kept');
  if (kept.kind === 'archived') await enqueueDeliveries(kept.entry, stage);
  return kept;
}

function rawOf(
  { account }: ConfiguredSource,
  kind: ReportKind,
  bytes: Uint8Array,
  generatedAt: Instant,
  stage: Stage,
): RawReport {
  return {
    generatedAt,
    collectedAt: stage.clock.now(),
    origin: 'imported',
    parts: kind.imported?.(bytes, account.settings) ?? [],
    requestIds: [],
    notVisible: ['imported by hand: nothing was asked beside it'],
  };
}

function saying({ what, line }: ParsedReport['defects'][number]): string {
  return `${what}${line === undefined ? '' : ` at line ${line}`}`;
}

function nameOf(kept: Kept): string | undefined {
  switch (kept.kind) {
    case 'archived':
      return `report ${kept.entry.number}`;
    case 'quarantined':
      return `report ${kept.quarantined.id} in quarantine`;
    case 'dropped':
      return undefined;
  }
}
