import { expect, test } from 'vitest';
import { accountOf, type TencentAuditBench, tencentAuditBench } from '../kit/audited-tencent.ts';
import { oneWorker } from '../kit/one-worker.ts';

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
const KEYS = 400;

test('with one worker, a credential report is as punctual beside an audit of hundreds of keys as one shift allows', async () => {
  const bench = await inhabited();
  const account = accountOf(bench.simulator, 'key-audit', {});
  const worker = await oneWorker(account, await bench.connect(), bench.clock);
  const due = bench.clock.now() + 30 * SECOND_MS;

  const { audit, report } = await worker.audited(due);

  // The audit took longer than two shifts, the report came in the midst of it, and nothing was asked twice.
  expect(audit.collectedAt - audit.generatedAt).toBeGreaterThan(60 * SECOND_MS);
  expect(report.generatedAt - due).toBeLessThan(25 * SECOND_MS);
  expect(report.collectedAt).toBeLessThan(audit.collectedAt);
  expect(audit.manifest.rows).toBe(KEYS);
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
