import { expect, test } from 'vitest';
import type { Attempt } from '../../src/domain/attempt.ts';
import type { RawReport } from '../../src/domain/report.ts';
import { killedAfter } from '../kit/audit-bench.ts';
import { memoryAttempt } from '../kit/memory-attempt.ts';
import { csvOf } from '../kit/raw-report.ts';
import { type TencentBench, tencentBench } from '../kit/simulated-tencent.ts';

/** 25 people with a call for keys and one for flags each. */
const CALLS_OF_A_PAGE = 50;
const T0 = Date.UTC(2026, 10, 20, 9);

test.each([1, 2, 3, 4, 20, 53, 54, 75, 101, 108, 110, 111])(
  'killed after %i calls, a new process repeats at most one page and makes the same table',
  async (after) => {
    const bench = await tencentBench({ usersPerAccount: 60 });
    const whole = await bench.collect(await bench.connect(), { attempt: async () => memoryAttempt(T0) });
    const calls = callsOf(bench);
    bench.simulator.calls.clear();
    const attempt = memoryAttempt(T0);

    const killed = await collectUntil(bench, attempt, after);
    const resumed = await bench.collect(await bench.connect(), { attempt: async () => attempt });

    expect(killed).toBeUndefined();
    expect(csvOf(resumed)).toBe(csvOf(whole));
    expect(resumed.generatedAt).toBe(T0);
    expect(callsOf(bench) - calls).toBeLessThanOrEqual(CALLS_OF_A_PAGE);
  },
);

test('killed again and again, it still gets there', async () => {
  const bench = await tencentBench({ usersPerAccount: 60 });
  const whole = await bench.collect(await bench.connect(), { attempt: async () => memoryAttempt(T0) });
  const attempt = memoryAttempt(T0);

  let kills = 0;
  let report: RawReport | undefined;
  for (; report === undefined && kills < 20; kills += 1) report = await collectUntil(bench, attempt, 52);

  expect(kills).toBeGreaterThan(2);
  expect(csvOf(report!)).toBe(csvOf(whole));
});

test('two collectors of one report come to the same bytes, though each asks by itself', async () => {
  const bench = await tencentBench({ usersPerAccount: 30, callsPerSecond: 40 });
  const attempt = memoryAttempt(T0);
  const one = await bench.connect();
  const other = await bench.connect();

  const first = bench.collect(one, { attempt: async () => attempt });
  const second = bench.collect(other, { attempt: async () => attempt });

  const [mine, theirs] = await Promise.all([first, second]);
  expect(mine.parts).toEqual(theirs.parts);
});

async function collectUntil(bench: TencentBench, attempt: Attempt, calls: number): Promise<RawReport | undefined> {
  const connection = await bench.connect();
  const collected = await killedAfter(
    calls,
    () => callsOf(bench),
    (signal) => bench.collect(connection, { attempt: async () => attempt, signal }),
  );
  connection.close();
  return collected;
}

function callsOf(bench: TencentBench): number {
  return Object.values(bench.counts()).reduce((sum, count) => sum + count, 0);
}
