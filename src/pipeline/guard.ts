import type { Quarantined } from '../archive/port.ts';
import { isCollapse } from '../domain/collapse.ts';
import type { ParsedReport, ReportEntry } from '../domain/report.ts';

const SAME_ROWS = 5;
const SAME_SHARE = 0.1;

/** Why a report may not join the chain; undefined when it may. */
export function guard(
  parsed: ParsedReport,
  head: ReportEntry | undefined,
  undecided: readonly Quarantined[],
  { id: accountId, isRealCloud }: { readonly id: string; readonly isRealCloud: boolean },
): string | undefined {
  // A stand-in may leave the root out, but not everybody.
  const isForgiving = !isRealCloud && (parsed.rows > 0 || head === undefined);
  const [defect, ...others] = parsed.defects.filter(({ standInsMay }) => !isForgiving || standInsMay !== true);
  if (defect !== undefined) {
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    return `${defect.what}${defect.line === undefined ? '' : ` at line ${defect.line}`}${more}`;
  }
  if (parsed.accountId !== undefined && parsed.accountId !== accountId)
    return `its rows belong to account ${parsed.accountId}`;
  if (head === undefined || !isCollapse(head.manifest.rows, parsed.rows)) return undefined;
  if (parsed.population !== undefined && isAbout(parsed.population, parsed.rows)) return undefined;
  if (
    undecided.some(
      (quarantined) => isCollapse(head.manifest.rows, quarantined.rows) && isAbout(quarantined.rows, parsed.rows),
    )
  ) {
    return undefined; // two reports in a row say the same: a real clean-up
  }
  const counted = parsed.population === undefined ? '' : `; the account summary counts ${parsed.population} identities`;
  return `rows collapsed from ${head.manifest.rows} to ${parsed.rows}${counted}`;
}

export function isAbout(expected: number, rows: number): boolean {
  return Math.abs(expected - rows) <= Math.max(SAME_ROWS, expected * SAME_SHARE);
}
