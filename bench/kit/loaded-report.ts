import { completeRules } from '../../src/derive/checks/registry.ts';
import { judge } from '../../src/derive/judge.ts';
import type { Context } from '../../src/domain/context.ts';
import { formatInstant, type Instant } from '../../src/domain/instant.ts';
import type { LoadedReport } from '../../src/domain/loaded.ts';
import { type SourceName, sourceName } from '../../src/domain/names.ts';
import type { ReportEntry } from '../../src/domain/report.ts';
import { credentialReport } from '../../src/providers/aws/credential-report/kind.ts';

const RULES = completeRules({});
export const CADENCE_MS = 4 * 3_600_000;

/** Raw bytes to a judged report, as collect and load make it, without an archive between. */
export function loadedReport(bytes: Uint8Array, accountId: string, previous: LoadedReport | undefined, at: Instant) {
  const source = sourceName({ provider: 'aws', accountId, kind: 'credential-report' });
  const parts = new Map([['report.csv', bytes]]);
  const parsed = credentialReport.parse(parts);
  if (parsed.defects.length > 0) throw new Error(`the bench wrote a broken report: ${JSON.stringify(parsed.defects)}`);
  const findings = judge(source, parsed, at, RULES, previous?.findings);
  const loaded: LoadedReport = {
    entry: entryOf(source, bytes, at, previous),
    context: CONTEXT,
    findings,
    parsed,
    parts,
  };
  return loaded;
}

const CONTEXT: Context = {
  version: 1,
  account: { provider: 'aws', id: '123456789012', name: 'prod-retail', labels: { bu: 'retail', env: 'prod' } },
  every_ms: CADENCE_MS,
  rules: RULES,
  not_visible: [],
  muster: '0.1.0',
};

function entryOf(source: SourceName, bytes: Uint8Array, at: Instant, previous: LoadedReport | undefined): ReportEntry {
  const number = (previous?.entry.number ?? 0) + 1;
  const sha256 = 'c0ffee'.padEnd(64, '0');
  return {
    source,
    number,
    generatedAt: at,
    collectedAt: at + 2_000,
    sha256,
    manifest: {
      version: 1,
      source,
      number,
      generated_at: formatInstant(at),
      collected_at: formatInstant(at + 2_000),
      origin: 'provider',
      rows: 0,
      columns: 22,
      parts: [{ name: 'report.csv', file: 'report.csv.gz', size: bytes.length, sha256 }],
      request_ids: [],
      cut: [],
      muster: '0.1.0',
    },
  };
}
