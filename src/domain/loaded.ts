import type { Context } from './context.ts';
import type { Findings } from './finding.ts';
import type { ParsedReport, Parts, ReportEntry } from './report.ts';

/** An archived report read back and parsed: all that derive may look at. */
export interface LoadedReport {
  readonly entry: ReportEntry;
  readonly context: Context;
  readonly findings: Findings;
  readonly parsed: ParsedReport;
  readonly parts: Parts;
}
