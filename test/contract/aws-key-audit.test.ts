import { expect, test } from 'vitest';
import { valueOf } from '../../src/domain/record.ts';
import type { RawReport } from '../../src/domain/report.ts';
import { type AuditBench, parsedOf } from '../kit/audited-aws.ts';
import { DAY_MS, inhabited, KIND, keyOf, MINUTE_MS, pagesOf, work } from '../kit/aws-keys-at-work.ts';
import { memoryAttempt } from '../kit/memory-attempt.ts';
import { csvOf, headOf } from '../kit/raw-report.ts';

const HOUR_MS = 60 * MINUTE_MS;
/** Four users at once, or two calls a second in each of two regions. */
const IN_FLIGHT = 4;

test('what CloudTrail saw of a key is told by service, event, address and resource, as it truly was', async () => {
  const bench = await inhabited(3, 40);

  const report = await bench.collect(await bench.connect());

  expect(uses(report)).toEqual(truth(bench));
  expect(report.origin).toBe('synthesised');
  expect(bench.said).toEqual([]);
});

test('killed anywhere it goes on with two in a hundred calls more at most, never above two a second and region', async () => {
  const bench = await inhabited(60, 300);
  const startedAt = bench.clock.now();
  const whole = await bench.collect(await bench.connect());
  const least = bench.calls();
  expect(least).toBeLessThanOrEqual((1 + 60 * 2 + pagesOf(bench)) * 1.02);

  // A sample; the test below kills at every call.
  for (const after of [1, 9, 64, 122, 150, 200, least - 1]) {
    const { report, calls } = await killedAndResumed(bench, startedAt, [after]);

    expect(csvOf(report), `killed after ${after}`).toBe(csvOf(whole));
    expect(calls, `killed after ${after}`).toBeLessThanOrEqual(least * 1.02);
    expect(refused(bench)).toBe(0);
  }
}, 240_000);

test('killed at every call, and killed again and again, it repeats what was in flight only', async () => {
  const bench = await inhabited(6, 260);
  const startedAt = bench.clock.now();
  const whole = await bench.collect(await bench.connect());
  const least = bench.calls();
  const everyCall = Array.from({ length: least }, (_, at) => [at + 1]);
  const often = Array.from({ length: 6 }, () => 5);

  for (const kills of [...everyCall, often]) {
    const { report, calls } = await killedAndResumed(bench, startedAt, kills);

    expect(csvOf(report), `killed after ${kills.join()}`).toBe(csvOf(whole));
    expect(calls - least, `killed after ${kills.join()}`).toBeLessThanOrEqual(kills.length * IN_FLIGHT);
    expect(refused(bench)).toBe(0);
  }
}, 240_000);

test('an incremental audit asks for what is new only, and tells what one from scratch tells', async () => {
  const bench = await inhabited(5, 200);
  const first = await bench.collect(await bench.connect());
  bench.clock.move(DAY_MS);
  work(bench, 5, 60, DAY_MS);
  bench.simulator.calls.clear();

  const next = await bench.collect(await bench.connect(), headOf(first));
  const asked = bench.calls('LookupEvents');
  bench.simulator.calls.clear();
  const scratch = await bench.collect(await bench.connect());

  expect(uses(next)).toEqual(uses(scratch));
  expect(uses(next)).toEqual(truth(bench));
  expect(asked).toBeLessThan(bench.calls('LookupEvents'));
});

test('an event that comes late is told by the next report, and told once', async () => {
  const bench = await inhabited(1, 10, { trailLagMs: 15 * MINUTE_MS });
  const user = 'user-000';
  bench.act({ user, key_id: keyOf(bench, user), service: 'ec2', event: 'RunInstances', address: '198.51.100.77' });
  bench.clock.move(MINUTE_MS);
  const first = await bench.collect(await bench.connect());
  bench.clock.move(HOUR_MS);
  const second = await bench.collect(await bench.connect(), headOf(first));
  bench.clock.move(HOUR_MS);
  const third = await bench.collect(await bench.connect(), headOf(second));

  const seen = [first, second, third].map((report) => uses(report)['user-000 address  198.51.100.77']?.count);
  expect(seen).toEqual([undefined, 1, 1]);
});

/** A process is killed after so many calls, and the next one after so many more. */
async function killedAndResumed(bench: AuditBench, startedAt: number, kills: readonly number[]) {
  bench.simulator.calls.clear();
  const attempt = memoryAttempt(startedAt);
  for (const after of kills) await bench.collectUntil(after, attempt);
  const report = await bench.collect(await bench.connect(), { attempt: async () => attempt });
  return { report, calls: bench.calls() };
}

interface Told {
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly count: number | undefined;
}

function uses(report: RawReport): Record<string, Told> {
  const rows = parsedOf(KIND, report).keyUses ?? [];
  return Object.fromEntries(
    rows.map((row) => [
      `${row.owner.name} ${row.what} ${row.service} ${row.name}`,
      { first: valueOf(row.firstUsedAt), last: valueOf(row.lastUsedAt), count: valueOf(row.count) },
    ]),
  );
}

/** Read a second time, from what truly happened. */
function truth({ account, clock }: AuditBench): Record<string, Told> {
  const told: Record<string, Told> = {};
  for (const user of account.users.values())
    told[`${user.name} key  `] = { first: undefined, last: undefined, count: 0 };
  for (const { name, at, service, event, address, resources, isData } of account.audit.events) {
    if (isData || at < clock.now() - 90 * DAY_MS) continue;
    const names = ['key  ', `service ${service} `, `event ${service} ${event}`, `address  ${address}`];
    for (const what of [...names, ...resources.map((one) => `resource  ${one.name}`)]) {
      const known = told[`${name} ${what}`];
      told[`${name} ${what}`] = {
        first: Math.min(known?.first ?? at, at),
        last: Math.max(known?.last ?? at, at),
        count: (known?.count ?? 0) + 1,
      };
    }
  }
  return told;
}

function refused({ simulator }: AuditBench): number {
  return simulator.calls.list().filter(({ answer }) => answer.status !== 200).length;
}
