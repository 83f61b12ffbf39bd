import { expect, test } from 'vitest';
import { accountOf, type TencentAuditBench, tencentAuditBench } from '../kit/audited-tencent.ts';
import { oneWorker } from '../kit/one-worker.ts';
import { passing } from '../kit/simulated-tencent.ts';

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
const KEYS = 400;

test('with one worker, a credential report is as punctual beside an audit of hundreds of keys as one shift allows', async () => {
  const bench = await inhabited();
  const account = accountOf(bench.simulator, 'key-audit', {});
  const worker = await oneWorker(account, await bench.connect(), bench.clock);
  const [audit, report] = [worker.source('key-audit'), worker.source('credential-report')];
  const due = bench.clock.now() + 30 * SECOND_MS;

  await worker.ask(audit, bench.clock.now());
  await worker.ask(report, due);
  await passing(bench.clock, worker.reported(audit, report), 50);

  const audited = await worker.stage.archive.head(audit);
  const reported = await worker.stage.archive.head(report);
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
