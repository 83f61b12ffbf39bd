import { expect, test } from 'vitest';
import { DAY_MS, MINUTE_MS, parsedOf, type TencentAuditBench } from '../kit/audited-tencent.ts';
import { memoryAttempt } from '../kit/memory-attempt.ts';
import { csvOf, headOf, textOf } from '../kit/raw-report.ts';
import { inhabited, KIND, keyOf, pagesOf, REGIONS, truth, uses, work } from '../kit/tencent-keys-at-work.ts';

/** Four keys, or four people, at once. */
const IN_FLIGHT = 4;

test('what CloudAudit saw of a key is told by service, event, address and resource, as it truly was', async () => {
  const bench = await inhabited(3, 400);

  const report = await bench.collect(await bench.connect());

  expect(uses(report)).toEqual(truth(bench));
  expect(report.origin).toBe('synthesised');
  expect(report.parts.map(({ name }) => name)).toEqual(['key-use.csv', 'answers.jsonl', 'events.jsonl', 'known.json']);
  expect(parsedOf(KIND, report)).toMatchObject({ defects: [], oddities: [] });
  expect(bench.said).toEqual([]);
  expect(textOf(report)).not.toContain('private');
});

test('a region that tells of all regions is not counted twice', async () => {
  const bench = await inhabited(3, 400);
  bench.change({ do: 'tell_all_regions' });

  expect(uses(await bench.collect(await bench.connect()))).toEqual(truth(bench));
  expect(uses(await bench.collect(await bench.connect({})))).toEqual(truth(bench));
});

test('killed anywhere it goes on with two in a hundred calls more at most, never above 20 a second', async () => {
  const bench = await inhabited(60, 900);
  const startedAt = bench.clock.now();
  const whole = await bench.collect(await bench.connect());
  const least = bench.calls();
  expect(least).toBeLessThanOrEqual((1 + 60 + 6 + REGIONS.length + pagesOf(bench)) * 1.02);

  // A sample; the test below kills at every call.
  for (const after of [1, 9, 33, 64, 70, 200, least - 1]) {
    const { report, calls } = await killedAndResumed(bench, startedAt, [after]);

    expect(csvOf(report), `killed after ${after}`).toBe(csvOf(whole));
    expect(calls, `killed after ${after}`).toBeLessThanOrEqual(least * 1.02);
    expect(bench.refused()).toEqual([]);
  }
}, 240_000);

test.each([['full'], ['products']] as const)(
  'depth %s, killed at every call, and killed again and again, repeats what was in flight only',
  async (depth) => {
    const bench = await inhabited(6, 400, { own: { regions: REGIONS, depth } });
    const startedAt = bench.clock.now();
    const whole = await bench.collect(await bench.connect());
    const least = bench.calls();
    const everyCall = Array.from({ length: least }, (_, at) => [at + 1]);
    const often = Array.from({ length: 6 }, () => 7);

    for (const kills of [...everyCall, often]) {
      const { report, calls } = await killedAndResumed(bench, startedAt, kills);

      expect(csvOf(report), `killed after ${kills.join()}`).toBe(csvOf(whole));
      expect(calls - least, `killed after ${kills.join()}`).toBeLessThanOrEqual(kills.length * IN_FLIGHT);
      expect(bench.refused()).toEqual([]);
    }
  },
  240_000,
);

test('killed in the midst of a long key, it goes on at the page, and anew where the token has died', async () => {
  const bench = await inhabited(2, 3_000, { own: { regions: ['ap-guangzhou'] } });
  const startedAt = bench.clock.now();
  const whole = await bench.collect(await bench.connect());
  const least = bench.calls();

  for (const isForgotten of [false, true]) {
    bench.simulator.calls.clear();
    const attempt = memoryAttempt(startedAt);
    await bench.collectUntil(30, attempt);
    if (isForgotten) bench.change({ do: 'forget_tokens' });
    const resumed = await bench.collect(await bench.connect(), { attempt: async () => attempt });

    expect(csvOf(resumed)).toBe(csvOf(whole));
    expect(bench.calls() - least).toBeLessThanOrEqual(isForgotten ? 24 : 1);
  }
});

test('an incremental audit asks for what is new only, and tells what one from scratch tells', async () => {
  const bench = await inhabited(5, 300);
  const first = await bench.collect(await bench.connect());
  bench.clock.move(DAY_MS);
  work(bench, 5, 60, DAY_MS);
  bench.simulator.calls.clear();

  const next = await bench.collect(await bench.connect(), headOf(first));
  const asked = bench.calls('LookUpEvents');
  const scratch = await bench.collect(await bench.connect());

  expect(uses(next)).toEqual(uses(scratch));
  expect(uses(next)).toEqual(truth(bench));
  expect(asked).toBe(REGIONS.length + 5 * REGIONS.length);
});

test('an event that comes late is told by the next report, and told once', async () => {
  const bench = await inhabited(1, 10);
  bench.change({ do: 'delay_events', ms: 15 * MINUTE_MS });
  bench.act(
    {
      user: 'user-000',
      key_id: keyOf(bench, 'user-000'),
      service: 'cvm',
      event: 'RunInstances',
      address: '198.51.100.77',
    },
    MINUTE_MS,
  );
  const first = await bench.collect(await bench.connect());
  bench.clock.move(DAY_MS / 12);
  const second = await bench.collect(await bench.connect(), headOf(first));
  bench.clock.move(DAY_MS);
  const third = await bench.collect(await bench.connect(), headOf(second));

  const seen = [first, second, third].map((report) => uses(report)['user-000 address  198.51.100.77']?.count);
  expect(seen).toEqual([undefined, 1, 1]);
});

/** A process is killed after so many calls, and the next one after so many more. */
async function killedAndResumed(bench: TencentAuditBench, startedAt: number, kills: readonly number[]) {
  bench.simulator.calls.clear();
  const attempt = memoryAttempt(startedAt);
  for (const after of kills) await bench.collectUntil(after, attempt);
  const report = await bench.collect(await bench.connect(), { attempt: async () => attempt });
  return { report, calls: bench.calls() };
}
