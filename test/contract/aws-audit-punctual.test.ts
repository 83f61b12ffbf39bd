import { expect, onTestFinished, test } from 'vitest';
import { formatInstant } from '../../src/domain/instant.ts';
import { type SourceName, sourceName } from '../../src/domain/names.ts';
import { collect } from '../../src/pipeline/collect.ts';
import type { Stage } from '../../src/pipeline/stage.ts';
import { openEmbeddedQueue } from '../../src/queue/embedded.ts';
import { type AuditBench, auditBench } from '../kit/audited-aws.ts';
import { passing } from '../kit/simulated-tencent.ts';
import { HOUR, testStage } from '../kit/stage.ts';

const SECOND_MS = 1_000;

test('with one worker, a credential report is as punctual beside an audit of hundreds of keys as one shift allows', async () => {
  const bench = await inhabited(300);
  const stage = await stageOf(bench);
  const [audit, report] = ['key-audit', 'credential-report'].map((kind) => source(bench, kind)) as [
    SourceName,
    SourceName,
  ];
  const due = bench.clock.now() + 40 * SECOND_MS;

  await stage.enqueue(job(audit, bench.clock.now()), bench.clock.now());
  await stage.enqueue(job(report, due), due);
  await passing(
    bench.clock,
    until(async () => (await stage.archive.head(audit)) !== undefined),
    50,
  );

  const audited = await stage.archive.head(audit);
  const reported = await stage.archive.head(report);
  // The audit took minutes, the report came in the midst of it, and nothing was asked twice.
  expect(audited!.collectedAt - audited!.generatedAt).toBeGreaterThan(120 * SECOND_MS);
  expect(reported!.collectedAt - due).toBeLessThan(45 * SECOND_MS);
  expect(audited!.manifest.rows).toBe(300);
  expect(bench.calls('LookupEvents')).toBe(300);
  expect(bench.calls('GetAccessKeyLastUsed')).toBe(300);
}, 120_000);

async function inhabited(keys: number): Promise<AuditBench> {
  const bench = await auditBench('key-audit', { own: { regions: ['us-east-1'] } });
  for (let index = 0; index < keys; index += 1) {
    const user = `user-${index}`;
    bench.simulator.mutate({ account: bench.account.id, do: 'create_user', user });
    bench.simulator.mutate({ account: bench.account.id, do: 'create_key', user });
  }
  return bench;
}

/** The real archive, queue and pipeline, one collection at a time. */
async function stageOf(bench: AuditBench): Promise<Stage> {
  const { clock } = bench;
  const queue = openEmbeddedQueue({ clock, observe: () => undefined });
  onTestFinished(() => queue.close(SECOND_MS));
  const connection = await bench.connect();
  const [account] = bench.accounts();
  const reports = { ...account!.reports, 'credential-report': { everyMs: 4 * HOUR } };
  const stage: Stage = {
    ...testStage({ clock }).stage,
    accounts: [{ ...account!, reports }],
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

function source({ account }: AuditBench, kind: string): SourceName {
  return sourceName({ provider: 'aws', accountId: account.id, kind });
}

function job(name: SourceName, due: number) {
  return { name: 'collect', source: name, due: formatInstant(due), attempt: 0 } as const;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}
