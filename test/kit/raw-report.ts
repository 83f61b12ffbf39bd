import type { ParsedReport, Parts, RawReport, ReportEntry } from '../../src/domain/report.ts';
import { atOnce } from '../../src/kit/steps.ts';
import type { Look, Provider } from '../../src/providers/provider.ts';

export function partsOf(report: RawReport | undefined): Parts {
  return new Map(report?.parts.map(({ name, bytes }) => [name, bytes]));
}

/** Its table. */
export function csvOf(report: RawReport): string {
  return new TextDecoder().decode(report.parts[0]?.bytes);
}

/** All of its parts. */
export function textOf(report: RawReport): string {
  return report.parts.map(({ bytes }) => new TextDecoder().decode(bytes)).join('\n');
}

export function parsedBy({ kinds }: Provider, kind: string, report: RawReport): ParsedReport {
  return atOnce(kinds[kind]!.parse(partsOf(report)));
}

/** As much of a head as collecting looks at. */
export function headOf(report: RawReport): Pick<Look, 'head' | 'headParts'> {
  const parts = report.parts.map(({ name }) => ({ name }));
  const sha256 = String(report.generatedAt);
  const head = { sha256, generatedAt: report.generatedAt, manifest: { rows: 1, parts } } as unknown as ReportEntry; // no more is looked at
  return { head, headParts: async () => partsOf(report) };
}
