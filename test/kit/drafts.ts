import type { Draft } from '../../src/archive/port.ts';
import { parseSinkName, type SinkName, type SourceName, sourceName } from '../../src/domain/names.ts';

const HOUR_MS = 3_600_000;

export const START = Date.UTC(2026, 10, 20, 9);
export const SOURCE: SourceName = sourceName({
  provider: 'aws',
  accountId: '123456789012',
  kind: 'credential-report',
});

export function sink(name: string): SinkName {
  const parsed = parseSinkName(name);
  if (parsed === undefined) throw new RangeError(name);
  return parsed;
}

/** Report `index` of a source: four hours apart, the last one now at `START`. */
export function draft(index: number, csv = `user,arn\nreport,${index}\n`, generatedAt = momentOf(index)): Draft {
  return {
    generatedAt,
    collectedAt: generatedAt + 60_000,
    origin: 'provider',
    rows: 1,
    columns: 2,
    parts: [
      { name: 'report.csv', bytes: Buffer.from(csv) },
      { name: 'access-keys.json', bytes: Buffer.from('{"keys":[]}') },
      { name: 'context.json', bytes: Buffer.from('{"version":1}') },
      { name: 'findings.json', bytes: Buffer.from('{"version":1,"open":[]}') },
    ],
    requestIds: [`request-${index}`],
    cut: [],
    muster: '0.1.0',
  };
}

export function momentOf(index: number): number {
  return START - 1_000 * HOUR_MS + index * 4 * HOUR_MS;
}
