import { expect, onTestFinished, test } from 'vitest';
import { formatInstant } from '../../src/domain/instant.ts';
import { type SourceName, sourceName } from '../../src/domain/names.ts';
import { collect } from '../../src/pipeline/collect.ts';
import type { Stage } from '../../src/pipeline/stage.ts';
import { openEmbeddedQueue } from '../../src/queue/embedded.ts';
import { accountOf, type TencentAuditBench, tencentAuditBench } from '../kit/audited-tencent.ts';
import { passing } from '../kit/simulated-tencent.ts';
import { HOUR, testStage } from '../kit/stage.ts';

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
const KEYS = 400;

test('with one worker, a credential report is as punctual beside an audit of hundreds of keys as one shift allows', async () => {
  const bench = await inhabited();
  const stage = await stageOf(bench);
  const [audit, report] = [source(bench, 'key-audit'), source(bench, 'credential-report')];
  const due = bench.clock.now() + 30 * SECOND_MS;

  await stage.enqueue(job(audit, bench.clock.now()), bench.clock.now());
  await stage.enqueue(job(report, due), due);
  await passing(
    bench.clock,
    until(
      async () => (await stage.archive.head(audit)) !== undefined && (await stage.archive.head(report)) !== undefined,
    ),
    50,
  );

  const audited = await stage.archive.head(audit);
  const reported = await stage.archive.head(report);
  // The audit took longer than two shifts, the report came in the midst of it, and nothing was asked twice.
  expect(audited!.collectedAt - audited!.generatedAt).toBeGreaterThan(60 * SECOND_MS);
  expect(reported!.generatedAt - due).toBeLessThan(25 * SECOND_MS);
  expect(reported!.collectedAt).toBeLessThan(audited!.collectedAt);
  expect(audited!.manifest.rows).toBe(KEYS);
  expect(bench.calls('LookUpEvents')).toBe(1 + 3 * KEYS);
  expect(bench.refused()).toEqual([]);
}, 120_000);

async function inhabited(): Promise<TencentAuditBench> {
  const bench = await tencentAuditBench('key-audit');
  for (let index = 0; index < KEYS; index += 1) {
    bench.change({ do: 'create_user', user: `user-${index}` });
    bench.change({ do: 'create_key', user: `user-${index}` });
  }
  bench.clock.move(100 * DAY_MS);
  return bench;
}

/** The real archive, queue and pipeline, one collection at a time. */
async function stageOf(bench: TencentAuditBench): Promise<Stage> {
  const { clock } = bench;
  const queue = openEmbeddedQueue({ clock, observe: () => undefined });
  onTestFinished(() => queue.close(SECOND_MS));
  const connection = await bench.connect();
  const account = accountOf(bench.simulator, 'key-audit', {});
  const reports = { ...account.reports, 'credential-report': { everyMs: 4 * HOUR } };
  const stage: Stage = {
    ...testStage({ clock }).stage,
    accounts: [{ ...account, reports }],
    outlets: [],
    connection: async () => connection,
    isRealCloud: () => false,
    enqueue: (one, at) => queue.add(one, at),
  };
  await queue.work(async (one, signal) => (one.name === 'collect' ? collect(one, stage, signal) : { do: 'done' }), {
    plan: 1,
    collect: 1,
    deliver: 1,
  });
  return stage;
}

function source({ account }: TencentAuditBench, kind: string): SourceName {
  return sourceName({ provider: 'tencent', accountId: account.id, kind });
}

function job(name: SourceName, due: number) {
  return { name: 'collect', source: name, due: formatInstant(due), attempt: 0 } as const;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}
