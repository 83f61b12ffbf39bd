import { expect, test } from 'vitest';
import { valueOf } from '../../src/domain/record.ts';
import type { RawReport } from '../../src/domain/report.ts';
import { KEY_KIND } from '../../src/providers/alibaba/key-audit/kind.ts';
import {
  type AuditBench,
  auditBench,
  busiestSecond,
  inhabit,
  keyOf,
  killedAndResumed,
  leastCalls,
  refused,
  userName,
} from '../kit/audited-alibaba.ts';
import { memoryAttempt } from '../kit/memory-attempt.ts';
import { csvOf } from '../kit/raw-report.ts';

/** Keys or services of keys that are asked about at once. */
const IN_FLIGHT = 12;
const OPERATIONS = ['Info', 'Products', 'Events', 'Ips', 'Resources'].map((what) => `GetAccessKeyLastUsed${what}`);

test('what ActionTrail saw of a key is told by service, event, address and resource, as it truly was', async () => {
  const bench = await auditBench(KEY_KIND);
  inhabit(bench, 6, 4);

  const report = await bench.collect(await bench.connect());

  expect(lastUses(bench, report)).toEqual(truth(bench));
  expect(bench.parsed(report)).toMatchObject({ defects: [], oddities: [] });
  expect(report.origin).toBe('synthesised');
  expect(bench.said).toEqual([]);
});

test('killed anywhere it goes on with two in a hundred calls more at most, never above what ActionTrail takes', async () => {
  const bench = await auditBench(KEY_KIND);
  inhabit(bench, 40, 20);
  const startedAt = bench.clock.now();
  const whole = await bench.collect(await bench.connect(), { attempt: async () => memoryAttempt(startedAt) });
  const least = leastCalls(40, 20);
  expect(bench.calls()).toBe(least);

  // A sample of all that it asks; the test below kills at every call.
  for (const after of [1, 81, 161, 900, 2_200, least - 1]) {
    const { report, calls } = await killedAndResumed(bench, startedAt, [after]);

    expect(csvOf(report), `killed after ${after}`).toBe(csvOf(whole));
    expect(calls, `killed after ${after}`).toBeLessThanOrEqual(least * 1.02);
    expect(refused(bench), `killed after ${after}`).toBe(0);
    for (const operation of OPERATIONS) expect(busiestSecond(bench, operation)).toBeLessThanOrEqual(50);
  }
}, 240_000);

test('killed at every call, and killed again and again, it repeats what was in flight only', async () => {
  const bench = await auditBench(KEY_KIND);
  inhabit(bench, 5, 3);
  const startedAt = bench.clock.now();
  const whole = await bench.collect(await bench.connect(), { attempt: async () => memoryAttempt(startedAt) });
  const least = leastCalls(5, 3);
  const everyCall = Array.from({ length: least - 1 }, (_, at) => [at + 1]);
  const often = Array.from({ length: 5 }, () => 8);

  for (const kills of [...everyCall, often]) {
    const { report, calls } = await killedAndResumed(bench, startedAt, kills);

    expect(csvOf(report), `killed after ${kills.join()}`).toBe(csvOf(whole));
    expect(calls - least, `killed after ${kills.join()}`).toBeLessThanOrEqual(kills.length * IN_FLIGHT);
    expect(refused(bench)).toBe(0);
  }
}, 240_000);

test('200 identities in 30 services: two kills cost less than 2 % more calls', async () => {
  const bench = await auditBench(KEY_KIND);
  inhabit(bench, 200, 30);
  const startedAt = bench.clock.now();
  const attempt = memoryAttempt(startedAt);

  await bench.collectUntil(5_000, attempt);
  await bench.collectUntil(7_000, attempt);
  const report = await bench.collect(await bench.connect(), { attempt: async () => attempt });

  expect(lastUses(bench, report)).toEqual(truth(bench));
  const least = leastCalls(200, 30);
  expect(bench.calls()).toBeLessThanOrEqual(least * 1.02);
  expect(refused(bench)).toBe(0);
  for (const operation of OPERATIONS) expect(busiestSecond(bench, operation)).toBeLessThanOrEqual(50);
}, 240_000);

test.each(['empty', 'zero'])('a key that was never used is never, told as %s', async (answer) => {
  const bench = await auditBench(KEY_KIND);
  inhabit(bench, 1, 0);
  bench.change({ do: 'unused_keys', answer });

  const [row, ...more] = rowsOf(bench, await bench.collect(await bench.connect()));

  expect(more).toEqual([]);
  expect(row).toMatchObject({ what: 'key', lastUsedAt: { reason: 'never' }, reportedLastUsedAt: { reason: 'never' } });
});

test('where ActionTrail refuses to tell of an unused key, RAM decides, and the row says so', async () => {
  const bench = await auditBench(KEY_KIND);
  inhabit(bench, 2, 3);
  bench.change({ do: 'unused_keys', answer: 'error' });

  const report = await bench.collect(await bench.connect());

  const row = rowsOf(bench, report).find(({ owner, what }) => owner.name === userName(1) && what === 'key');
  expect(row).toMatchObject({ lastUsedAt: { reason: 'never' } });
  expect(row?.why.join()).toContain('AccessKeyNotFound');
  expect(rowsOf(bench, report).filter(({ owner }) => owner.name === userName(0)).length).toBeGreaterThan(3);
});

test('where the feature is not enabled the report is made of what RAM tells, and says what is missing', async () => {
  const bench = await auditBench(KEY_KIND);
  inhabit(bench, 3, 2);
  bench.change({ do: 'key_audit', status: 'off' });

  const report = await bench.collect(await bench.connect());

  const all = rowsOf(bench, report);
  const rows = all.filter(({ what }) => what === 'key');
  expect(rows).toHaveLength(3);
  expect(gapsOf(all, userName(0))).toEqual(['service', 'event', 'address', 'resource']);
  expect(gapsOf(all, userName(2))).toEqual([]);
  expect(rows[0]!.lastUsedAt).toEqual(rows[0]!.reportedLastUsedAt);
  expect(rows[0]!.why.join()).toContain('AccessKeyAuditNotEnabled');
  expect(report.notVisible.join()).toContain('is its AccessKey audit enabled?');
  expect(bench.said).toMatchObject([{ kind: 'degraded' }]);
});

test('a service that ActionTrail does not support is named, with its last use and why there is no more', async () => {
  const bench = await auditBench(KEY_KIND);
  inhabit(bench, 2, 2);
  bench.change({ do: 'unsupported_service', service: 'Svc01' });

  const rows = rowsOf(bench, await bench.collect(await bench.connect()));

  const service = rows.filter((row) => row.service === 'Svc01' && row.owner.name === userName(0) && row.what !== 'key');
  expect(service.map(({ what }) => what)).toEqual(['service']);
  expect(service[0]!.why.join()).toContain('does not support this service');
  expect(valueOf(service[0]!.lastUsedAt)).toBeGreaterThan(0);
});

test.each([
  ['info', 'the key', 1 + 3 + 3 + 3],
  ['products', 'services', 1 + 3 + 3 + 3 + 3],
])('depth %s tells no more than %s, and asks no more', async (depth, _, calls) => {
  const bench = await auditBench(KEY_KIND, { depth });
  inhabit(bench, 3, 2);

  const rows = rowsOf(bench, await bench.collect(await bench.connect()));

  expect(bench.calls()).toBe(calls);
  const told = rows.filter(({ what, service }) => what === 'key' || service !== '');
  expect(new Set(told.map(({ what }) => what))).toEqual(new Set(depth === 'info' ? ['key'] : ['key', 'service']));
  const untold = ['event', 'address', 'resource'];
  expect(gapsOf(rows, userName(0))).toEqual(depth === 'info' ? ['service', ...untold] : untold);
  expect(gapsOf(rows, userName(2))).toEqual([]);
});

test('a list that ActionTrail refused is said not to be all of it', async () => {
  const bench = await auditBench(KEY_KIND);
  inhabit(bench, 2, 2);
  bench.simulator.faults.plant({ kind: 'denied', match: { action: 'GetAccessKeyLastUsedIps' } });

  expect(gapsOf(rowsOf(bench, await bench.collect(await bench.connect())), userName(0))).toEqual(['address']);
});

test('more than a page of events is read to its end', async () => {
  const bench = await auditBench(KEY_KIND);
  inhabit(bench, 1, 0);
  const user = userName(0);
  for (let index = 0; index < 250; index += 1)
    bench.act({ user, key_id: keyOf(bench, user), service: 'Ecs', event: `Event${index}` });

  const rows = rowsOf(bench, await bench.collect(await bench.connect()));

  expect(rows.filter(({ what }) => what === 'event')).toHaveLength(250);
  expect(bench.calls('GetAccessKeyLastUsedEvents')).toBe(3);
});

test('without the permission there is no report, and the fault says which', async () => {
  const bench = await auditBench(KEY_KIND);
  inhabit(bench, 2, 1);
  bench.simulator.alibaba!.allow(bench.account.id, 'muster-audit', ['ram:List*', 'ram:Get*']);

  const collecting = bench.connect().then((connection) => bench.collect(connection));

  await expect(collecting).rejects.toMatchObject({
    kind: 'denied',
    message: /allow actiontrail:GetAccessKeyLastUsedInfo/,
  });
});

test('throttling is waited out, and nothing is lost by it', async () => {
  const bench = await auditBench(KEY_KIND);
  inhabit(bench, 3, 3);
  const match = { action: 'GetAccessKeyLastUsedProducts' };
  bench.simulator.faults.plant({ kind: 'throttle', match, count: 2, ms: 1_500 });

  expect(lastUses(bench, await bench.collect(await bench.connect()))).toEqual(truth(bench));
});

function rowsOf(bench: AuditBench, report: RawReport) {
  return bench.parsed(report).keyUses ?? [];
}

/** Which lists of a user's key are said not to be all of it. */
function gapsOf(rows: ReturnType<typeof rowsOf>, user: string): readonly string[] {
  const untold = rows.filter(({ what, service, name }) => what !== 'key' && service === '' && name === '');
  return untold.filter(({ owner }) => owner.name === user).map(({ what }) => what);
}

function lastUses(bench: AuditBench, report: RawReport): Record<string, string> {
  return Object.fromEntries(
    rowsOf(bench, report).map(({ key, what, service, type, name, lastUsedAt, region }) => [
      `${key.id} ${what} ${what === 'key' ? '' : service} ${type} ${name}`,
      `${valueOf(lastUsedAt) ?? 'never'} ${valueOf(region) ?? ''}`,
    ]),
  );
}

/** Read a second time, from the history of what truly happened. */
function truth({ simulator, account }: AuditBench): Record<string, string> {
  const told: Record<string, string> = {};
  for (const entry of simulator.history.entries({ account: account.id })) {
    if (entry.action === 'key.created') told[`${entry.key_id} key   `] = 'never ';
    if (entry.action !== 'api.called' || entry.key_id === undefined) continue;
    const { service, event, address, region, resource } = entry.details as Readonly<Record<string, never>>;
    const { type, name } = (resource ?? {}) as { type?: string; name?: string };
    const names = ['key   ', `service ${service}  `, `event ${service}  ${event}`, `address ${service}  ${address}`];
    for (const what of [...names, ...(name === undefined ? [] : [`resource ${service} ${type} ${name}`])]) {
      const at = Date.parse(entry.at);
      const known = Number.parseInt(told[`${entry.key_id} ${what}`] ?? '0', 10);
      if (!(known > at)) told[`${entry.key_id} ${what}`] = `${at} ${region}`;
    }
  }
  return told;
}

test('a seeded account has a history, and no key was used later than RAM knows', async () => {
  const bench = await auditBench(KEY_KIND, {}, { accounts: [{ users: 12 }] });

  const report = await bench.collect(await bench.connect());

  expect(lastUses(bench, report)).toEqual(truth(bench));
  const keys = rowsOf(bench, report).filter(({ what }) => what === 'key');
  expect(keys.some(({ lastUsedAt }) => valueOf(lastUsedAt) !== undefined)).toBe(true);
  for (const { lastUsedAt, reportedLastUsedAt } of keys) expect(valueOf(lastUsedAt)).toBe(valueOf(reportedLastUsedAt));
});
