import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { expectedChanges, expectedFindings, expectedInventory } from './expected-events.ts';
import type { HistoryLine, ServedReport } from './history-reader.ts';
import { firstTimes, type ReceivedEvent } from './received-events.ts';
import { findingsRead, foldedFindings, toldChanges, toldInventory } from './told.ts';

/** A cloud as it truly was, over its control plane. */
export interface Witness {
  readonly history: readonly HistoryLine[];
  readonly served: readonly ServedReport[];
  readonly bytesOf: (sha256: string) => Promise<Buffer>;
}

export interface ArchivedReport {
  readonly account: string;
  readonly number: number;
  readonly generated_at: string;
  /** What the manifest says of the report's own bytes. */
  readonly sha256: string;
  /** As they lie in the archive, unpacked by nobody but zlib. */
  readonly bytes: Buffer;
}

export async function witness(url: string): Promise<Witness> {
  const ask = async (path: string) => (await fetch(`${url}/_simulator/${path}`)).json();
  return {
    history: (await ask('history')) as readonly HistoryLine[],
    served: (await ask('reports')) as readonly ServedReport[],
    async bytesOf(sha256) {
      return Buffer.from(await (await fetch(`${url}/_simulator/reports/${sha256}`)).arrayBuffer());
    },
  };
}

/** Reads manifests and parts as a stranger would: by their names in the archive, with nothing of ours. */
export async function archivedReports(
  objects: readonly string[],
  read: (key: string) => Promise<Buffer>,
): Promise<readonly ArchivedReport[]> {
  const reports: ArchivedReport[] = [];
  for (const key of objects) {
    const match = /^(sources\/aws\/(\d{12})\/credential-report\/(\d{8}))\/manifest\.json$/.exec(key);
    if (match === null) continue;
    const manifest = JSON.parse((await read(key)).toString('utf8')) as {
      readonly generated_at: string;
      readonly parts: readonly { readonly name: string; readonly file: string; readonly sha256: string }[];
    };
    const part = manifest.parts.find(({ name }) => name === 'report.csv')!;
    const bytes = gunzipSync(await read(`${match[1]}/${part.file}`));
    const { generated_at } = manifest;
    reports.push({ account: match[2]!, number: Number(match[3]), generated_at, sha256: part.sha256, bytes });
  }
  return reports;
}

/** Every archived report is a report that was served, byte for byte; and none is archived twice. */
export async function expectTrueBytes(reports: readonly ArchivedReport[], cloud: Witness): Promise<void> {
  for (const { account, generated_at, sha256, bytes } of reports) {
    const served = cloud.served.find((one) => one.account === account && one.generated_at === generated_at);
    expect(sha256).toBe(served?.sha256);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    expect(bytes.equals(await cloud.bytesOf(sha256))).toBe(true);
  }
  const names = reports.map(({ account, generated_at }) => `${account} ${generated_at}`);
  expect(new Set(names).size).toBe(names.length);
  const numbers = reports.map(({ account, number }) => `${account} ${number}`);
  expect(new Set(numbers).size).toBe(numbers.length);
}

export interface TruthOptions {
  /** Whether every key's id must be told: not where users change between a report and the question for ids. */
  readonly ids?: boolean;
}

/** What a sink got is what truly happened between the reports: nothing is missing, and nothing is made up. */
export function expectTrueEvents(
  all: readonly ReceivedEvent[],
  reports: readonly ArchivedReport[],
  cloud: Witness,
  { ids = true }: TruthOptions = {},
): void {
  const events = firstTimes(all).filter(({ report }) => report.source.startsWith('aws/'));
  for (const report of reports) {
    const own = events.filter((event) => isOf(event, report));
    const { account } = report;
    const seq = seqOf(report, cloud);
    const before = reports.find((one) => one.account === account && one.number === report.number - 1);
    const expected =
      before === undefined
        ? []
        : expectedChanges(cloud.history, account, seqOf(before, cloud), seq).map(ids ? same : withoutId);
    expect(
      toldChanges(own)
        .map(ids ? same : withoutId)
        .sort(),
    ).toEqual(expected.sort());
    expect(toldInventory(own)).toEqual(expectedInventory(cloud.history, account, seq));
    expectTrueSummary(own, report);
    const folded = foldedFindings(
      events.filter((event) => event.account.id === account && event.report.number <= report.number),
    );
    expect(findingsRead(folded)).toEqual(expectedFindings(cloud.history, account, seq, report.generated_at));
  }
  expect(new Set(events.map((event) => event.report.sha256))).toEqual(new Set(reports.map(({ sha256 }) => sha256)));
}

/** One summary for each report, which counts all that the sink got of it. */
function expectTrueSummary(own: readonly ReceivedEvent[], report: ArchivedReport): void {
  const [summary, ...more] = own.filter(({ kind }) => kind === 'summary');
  expect(more).toEqual([]);
  const counts = new Map<string, number>();
  for (const { kind } of own) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const told = Object.entries(summary?.data?.['by_kind'] as Record<string, number>).filter(([, count]) => count > 0);
  for (const [kind, count] of told) if (kind !== 'summary') expect([kind, counts.get(kind)]).toEqual([kind, count]);
  expect(summary?.report).toMatchObject({ number: report.number, sha256: report.sha256 });
}

export function expectedOpen(reports: readonly ArchivedReport[], cloud: Witness): string[] {
  const heads = new Map(reports.toSorted((one, other) => one.number - other.number).map((one) => [one.account, one]));
  return [...heads.values()]
    .flatMap((head) => expectedFindings(cloud.history, head.account, seqOf(head, cloud), head.generated_at))
    .sort();
}

function seqOf({ sha256, account, generated_at }: ArchivedReport, cloud: Witness): number {
  const served = cloud.served.find(
    (one) => one.sha256 === sha256 && one.account === account && one.generated_at === generated_at,
  );
  if (served === undefined) throw new Error(`the cloud never served ${sha256}`);
  return served.history_seq;
}

function isOf({ report }: ReceivedEvent, { account, number }: ArchivedReport): boolean {
  return report.source === `aws/${account}/credential-report` && report.number === number;
}

function same(text: string): string {
  return text;
}

function withoutId(text: string): string {
  return text.replace(/ (?:AKIA[A-Z2-7]{16}|\?)(?= |$)/, '');
}
