import { expect, test } from 'vitest';
import type { Fault } from '../../src/domain/fault.ts';
import { ACCESS_KIND } from '../../src/providers/alibaba/access-audit/kind.ts';
import { openAudits } from '../../src/providers/alibaba/audit-api.ts';
import { alibaba } from '../../src/providers/alibaba/index.ts';
import { KEY_KIND } from '../../src/providers/alibaba/key-audit/kind.ts';
import type { Settings } from '../../src/providers/alibaba/settings.ts';
import { auditBench, inhabit, keyOf, userName } from '../kit/audited-alibaba.ts';
import { memoryAttempt } from '../kit/memory-attempt.ts';
import { csvOf } from '../kit/raw-report.ts';
import { hubKeys } from '../kit/simulated-alibaba.ts';

const ACTIONS = {
  [KEY_KIND]: ['ListAccessKeys', 'GetAccessKeyLastUsedInfo', 'GetAccessKeyLastUsedIps'],
  [ACCESS_KIND]: ['ListPoliciesForUser', 'GetPolicyVersion', 'GetAccessKeyLastUsedProducts', 'LookupEvents'],
};
const FAULTS = ['throttle', 'error500', 'reset', 'truncated', 'html', 'expired_token'] as const;

test.each(Object.entries(ACTIONS).flatMap(([kind, actions]) => FAULTS.map((fault) => [kind, fault, actions] as const)))(
  '%s comes through %s, and nothing is lost by it',
  async (kind, fault, actions) => {
    const bench = await auditBench(kind, {});
    inhabit(bench, 4, 3);
    bench.change({ do: 'put_policy', policy: 'p', document: { Statement: [{ Effect: 'Allow', Action: 'svc01:*' }] } });
    bench.change({ do: 'attach_policy', policy: 'p', user: userName(0) });
    const startedAt = bench.clock.now();
    const whole = await bench.collect(await bench.connect(), { attempt: async () => memoryAttempt(startedAt) });
    for (const action of actions) bench.simulator.faults.plant({ kind: fault, match: { action }, count: 2, ms: 1_000 });

    const attempt = memoryAttempt(startedAt);
    const connection = await bench.connect();
    const collect = () => bench.collect(connection, { attempt: async () => attempt });
    // The queue would try again, and goes on from what is kept.
    const report = await retried(collect, 12);

    expect(csvOf(report)).toBe(csvOf(whole));
    expect(report.notVisible).toEqual(whole.notVisible);
  },
);

async function retried<T>(work: () => Promise<T>, times: number): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (times === 0) throw error;
    return retried(work, times - 1);
  }
}

test('the simulator throttles who asks more than ActionTrail takes in a second', async () => {
  const bench = await auditBench(KEY_KIND);
  inhabit(bench, 1, 0);
  const { id, roleName: role, externalId: external_id } = bench.simulator.alibaba!.accounts[0]!;
  const auth = { assume_role: { role, external_id, base: hubKeys(bench.simulator.alibaba!) } };
  const settings = alibaba.settings.parse({ endpoint: bench.simulator.url, auth }) as Settings;
  const account = { provider: 'alibaba', id, name: 'prod', labels: {}, reports: {}, settings };
  const { trail } = await openAudits(account, settings, bench.clock);
  const { signal } = new AbortController();
  const key = keyOf(bench, userName(0));

  const answers = await Promise.allSettled(Array.from({ length: 60 }, () => trail.products(key, signal)));

  const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as Fault] : []));
  expect(refused).toHaveLength(10);
  expect(refused[0]).toMatchObject({ kind: 'throttled', retryAfterMs: expect.any(Number) });
});
