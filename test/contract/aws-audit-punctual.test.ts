import { expect, test } from 'vitest';
import { type AuditBench, auditBench } from '../kit/audited-aws.ts';
import { oneWorker } from '../kit/one-worker.ts';

const SECOND_MS = 1_000;

test('with one worker, a credential report is as punctual beside an audit of hundreds of keys as one shift allows', async () => {
  const bench = await inhabited(300);
  const [account] = bench.accounts();
  const worker = await oneWorker(account!, await bench.connect(), bench.clock);
  const due = bench.clock.now() + 40 * SECOND_MS;

  const { audit, report } = await worker.audited(due);

  // The audit took minutes, the report came in the midst of it, and nothing was asked twice.
  expect(audit.collectedAt - audit.generatedAt).toBeGreaterThan(120 * SECOND_MS);
  expect(report.collectedAt - due).toBeLessThan(45 * SECOND_MS);
  expect(audit.manifest.rows).toBe(300);
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
