import type { Archive } from '../archive/port.ts';
import { findingsIn } from '../derive/decide.ts';
import type { Context } from '../domain/context.ts';
import { Fault, isMalformed } from '../domain/fault.ts';
import type { Findings } from '../domain/finding.ts';
import type { LoadedReport } from '../domain/loaded.ts';
import type { SourceName } from '../domain/names.ts';
import { CONTEXT_PART, type ParsedReport, type Parts, type ReportEntry } from '../domain/report.ts';
import { breathe } from '../kit/breathe.ts';
import { inTurns } from '../kit/steps.ts';
import type { ReportKind } from '../providers/provider.ts';

const NO_FINDINGS: Findings = { version: 1, checks: {}, open: [] };
const NO_TABLE: ParsedReport = {
  rows: 0,
  columns: [],
  unknownColumns: [],
  missingColumns: [],
  records: [],
  defects: [],
  oddities: [],
};

export type KindOf = (source: SourceName) => ReportKind | undefined;

/** Reads an archived report back: every part checked against its digest, then parsed. */
export async function load(archive: Archive, kindOf: KindOf, entry: ReportEntry): Promise<LoadedReport> {
  const parts = await archive.parts(entry);
  await breathe();
  const context = contextOf(entry, parts);
  const findings = (await inTurns(findingsIn(parts))) ?? NO_FINDINGS;
  const kind = kindOf(entry.source);
  const parsed = kind === undefined ? NO_TABLE : await inTurns(kind.parse(parts));
  return { entry, parts, context, findings, parsed };
}

/** The base that changes are computed against, as the manifest pins it. `damaged` when it no longer is what it was. */
export async function loadBase(
  archive: Archive,
  kindOf: KindOf,
  entry: ReportEntry,
): Promise<LoadedReport | 'damaged' | undefined> {
  const pinned = entry.manifest.previous;
  if (pinned === undefined) return undefined;
  try {
    const base = await archive.entry(entry.source, pinned.number);
    return base?.sha256 === pinned.sha256 ? await load(archive, kindOf, base) : 'damaged';
  } catch (error) {
    if (isMalformed(error)) return 'damaged';
    throw error;
  }
}

function contextOf(entry: ReportEntry, parts: Parts): Context {
  const bytes = parts.get(CONTEXT_PART);
  if (bytes === undefined)
    throw new Fault('malformed', `report ${entry.number} of ${entry.source} has no ${CONTEXT_PART}`);
  return JSON.parse(new TextDecoder().decode(bytes)) as Context; // our own part, its digest was checked
}
