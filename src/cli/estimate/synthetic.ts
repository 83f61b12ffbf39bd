import { judge } from '../../derive/judge.ts';
import { formatInstant, type Instant } from '../../domain/instant.ts';
import type { LoadedReport } from '../../domain/loaded.ts';
import { sourceName } from '../../domain/names.ts';
import type { ReportEntry } from '../../domain/report.ts';
import type { Rules } from '../../domain/rules.ts';
import { sha256 } from '../../kit/hash.ts';
import { atOnce } from '../../kit/steps.ts';
import { VERSION } from '../../kit/version.ts';
import { providers } from '../../providers/registry.ts';

/** Raw bytes to a judged report of AWS, as collect and load make it, without an archive between. */
export function syntheticReport(
  bytes: Uint8Array,
  accountId: string,
  at: Instant,
  rules: Rules,
  previous?: LoadedReport,
): LoadedReport {
  const kind = providers.find(({ name }) => name === 'aws')?.kinds['credential-report'];
  if (kind === undefined) throw new Error('there is no credential report of AWS');
  const parts = new Map([['report.csv', bytes]]);
  const parsed = atOnce(kind.parse(parts));
  if (parsed.defects.length > 0) throw new Error(`a made-up report is broken: ${JSON.stringify(parsed.defects)}`);
  const entry = entryOf(accountId, bytes, parsed.rows, at, previous);
  return {
    entry,
    context: {
      version: 1,
      account: { provider: 'aws', id: accountId, name: `prod-${accountId}`, labels: { bu: 'retail', env: 'prod' } },
      every_ms: kind.cadenceMs,
      rules,
      not_visible: [],
      muster: VERSION,
    },
    findings: judge(entry.source, parsed, at, rules, previous?.findings),
    parsed,
    parts,
  };
}

function entryOf(
  accountId: string,
  bytes: Uint8Array,
  rows: number,
  at: Instant,
  previous: LoadedReport | undefined,
): ReportEntry {
  const source = sourceName({ provider: 'aws', accountId, kind: 'credential-report' });
  const number = (previous?.entry.number ?? 0) + 1;
  const digest = sha256(bytes);
  const collectedAt = at + 2_000;
  return {
    source,
    number,
    generatedAt: at,
    collectedAt,
    sha256: digest,
    manifest: {
      version: 1,
      source,
      number,
      generated_at: formatInstant(at),
      collected_at: formatInstant(collectedAt),
      origin: 'provider',
      rows,
      columns: 22,
      parts: [{ name: 'report.csv', file: 'report.csv.gz', size: bytes.length, sha256: digest }],
      request_ids: [],
      cut: [],
      muster: VERSION,
    },
  };
}
