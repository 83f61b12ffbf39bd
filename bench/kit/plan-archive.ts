import { openArchive } from '../../src/archive/archive.ts';
import type { Archive, Draft } from '../../src/archive/port.ts';
import type { Account } from '../../src/domain/account.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { formatInstant, type Instant } from '../../src/domain/instant.ts';
import { parseSinkName, sourceName } from '../../src/domain/names.ts';
import { plain } from '../../src/formats/plain.ts';
import type { Outlet, Stage } from '../../src/pipeline/stage.ts';
import { testStage } from '../../test/kit/stage.ts';
import { GENERATED_AT, reportPair } from './aws-reports.ts';
import { fastStore } from './fast-store.ts';
import { accountIds } from './inputs.ts';

const EVERY_MS = 4 * 3_600_000;
const NOW: Instant = GENERATED_AT + EVERY_MS;
const START = { start: 'now', target: 'nowhere' } as const;

/** An archive in a folder as it looks after the first day: one small report each, spread over four hours, all delivered. */
export async function writePlanArchive(folder: string, sources: number): Promise<void> {
  const archive = openArchive(fastStore(folder), { clock: planClock() });
  const epoch = await archive.sinkEpoch(sinkNamed('siem'), START.start, START.target, NOW - EVERY_MS);
  const csv = Buffer.from(reportPair('100000000000', 2).before);
  for (const [index, id] of accountIds(sources).entries()) {
    const source = sourceName({ provider: 'aws', accountId: id, kind: 'credential-report' });
    const at = NOW - Math.floor((index / sources) * EVERY_MS);
    const appended = await archive.append(source, draftOf(csv, at), undefined);
    if (appended.kind !== 'appended') throw new Error(`${source} is in the archive already`);
    const { number, sha256 } = appended.entry;
    const delivered_at = formatInstant(at);
    await archive.receive(epoch, appended.entry, { number, manifest: sha256, delivered_at, events: 3, rejected: 0 });
  }
}

/** A no-op queue, and a cloud and a sink that nobody asks. */
export function planStage(archive: Archive, sources: number): Stage {
  return {
    ...testStage().stage,
    accounts: accountIds(sources).map(accountOf),
    archive,
    clock: planClock(),
    observe: () => undefined,
    outlets: [outlet()],
    connection: () => Promise.reject(new Error('a plan asks no cloud')),
    enqueue: () => Promise.resolve(),
  };
}

/** Time stands still: what is due is the same in every run. */
export function planClock(): Clock {
  return { now: () => NOW, delayUntil: (instant) => Math.max(0, instant - NOW), sleepUntil: () => Promise.resolve() };
}

function accountOf(id: string): Account {
  const reports = { 'credential-report': { everyMs: EVERY_MS } };
  return { provider: 'aws', id, name: `account-${id}`, labels: { env: 'prod' }, reports, settings: {} };
}

function outlet(): Outlet {
  return {
    name: sinkNamed('siem'),
    ...START,
    format: plain,
    policy: { events: ['inventory', 'change', 'finding', 'health', 'summary'], inventory: 'changed+daily' },
    open: () => Promise.reject(new Error('a plan sends nothing')),
  };
}

function sinkNamed(text: string) {
  const name = parseSinkName(text);
  if (name === undefined) throw new Error(`${text} is not a name`);
  return name;
}

function draftOf(csv: Uint8Array, at: Instant): Draft {
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  return {
    generatedAt: at,
    collectedAt: at,
    origin: 'provider',
    rows: 3,
    columns: 22,
    parts: [
      { name: 'report.csv', bytes: csv },
      { name: 'context.json', bytes: json({ version: 1 }) },
      { name: 'findings.json', bytes: json({ version: 1, checks: {}, open: [] }) },
    ],
    requestIds: ['00000000-0000-4000-8000-000000000000'],
    cut: [],
    muster: '0.1.0',
  };
}
