import { expect, test } from 'vitest';
import { collectOnce } from '../../src/pipeline/collect.ts';
import { configuredSources } from '../../src/pipeline/stage.ts';
import { type AuditBench, accountOf, auditBench, inhabit } from '../kit/audited-alibaba.ts';
import { passing } from '../kit/movable-clock.ts';
import { type OneWorker, oneWorker } from '../kit/one-worker.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;
const USERS = 150;
const SERVICES = 20;

test('with one worker, a credential report is as punctual beside an audit of thousands of uses as two shifts allow', async () => {
  const bench = await auditBench('key-audit');
  inhabit(bench, USERS, SERVICES);
  const worker = await workerOf(bench);
  const due = bench.clock.now() + 30 * SECOND_MS;

  const { audit, report } = await worker.audited(due);

  // The audit took longer than two shifts, the report came in the midst of it, and nothing was asked twice.
  expect(audit.collectedAt - audit.generatedAt).toBeGreaterThan(60 * SECOND_MS);
  // It takes two looks, and each waits for a shift to end.
  expect(report.collectedAt - due).toBeLessThan(50 * SECOND_MS);
  expect(report.collectedAt).toBeLessThan(audit.collectedAt);
  expect(audit.manifest.rows).toBe(USERS);
  expect(bench.calls('GetAccessKeyLastUsedEvents')).toBe((USERS - 1) * SERVICES);
}, 120_000);

test.each(['key-audit', 'access-audit'])('a %s that was killed is gone on with hours later', async (kind) => {
  const bench = await auditBench(kind);
  inhabit(bench, 12, 6);
  const worker = await workerOf(bench, kind);
  const least = await callsOf(bench, worker, kind);
  bench.simulator.calls.clear();
  bench.clock.move(30 * HOUR_MS);
  const began = bench.clock.now();

  const before = await workerOf(bench, kind);
  await untilKilled(bench, before, kind, Math.floor(least / 2));
  bench.clock.move(11 * HOUR_MS);
  const after = { ...before, stage: { ...before.stage, connection: async () => bench.connect() } };
  await callsOf(bench, after, kind);

  const head = await before.stage.archive.head(before.source(kind));
  expect(head!.generatedAt).toBeLessThan(began + 60 * SECOND_MS);
  expect(bench.calls()).toBeLessThan(least * 1.5);
});

async function workerOf(bench: AuditBench, kind = 'key-audit'): Promise<OneWorker> {
  return oneWorker(accountOf(bench.simulator, kind, {}), await bench.connect(), bench.clock);
}

/** Looks until there is a report: how many calls that took. */
async function callsOf(bench: AuditBench, worker: OneWorker, kind: string, signal?: AbortSignal) {
  const { stage } = worker;
  const target = configuredSources(stage.accounts).find((one) => one.source === worker.source(kind));
  const before = bench.calls();
  const { signal: never } = new AbortController();
  for (;;) {
    const { do: what } = await passing(bench.clock, collectOnce(target!, stage, signal ?? never, undefined));
    if (what === 'kept') return bench.calls() - before;
    if (what !== 'wait') throw new Error(`expected a report, not ${what}`);
  }
}

async function untilKilled(bench: AuditBench, worker: OneWorker, kind: string, calls: number): Promise<void> {
  const control = new AbortController();
  const killed = callsOf(bench, worker, kind, control.signal).catch((error: unknown) => error);
  const before = bench.calls();
  while (bench.calls() - before < calls) await new Promise((resolve) => setImmediate(resolve));
  control.abort(new Error('killed'));
  expect(await killed).toMatchObject({ message: 'killed' });
}
