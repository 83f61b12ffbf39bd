import { expect, test } from 'vitest';
import { valueOf } from '../../src/domain/record.ts';
import type { RawReport } from '../../src/domain/report.ts';
import { ACCESS_KIND } from '../../src/providers/alibaba/access-audit/kind.ts';
import { type AuditBench, auditBench, busiestSecond, inhabit, serviceName, userName } from '../kit/audited-alibaba.ts';
import { memoryAttempt } from '../kit/memory-attempt.ts';
import { csvOf, headOf } from '../kit/raw-report.ts';

const DAY_MS = 86_400_000;
/** Identities, keys or services of keys that are asked about at once. */
const IN_FLIGHT = 12;

test('what policies give and what was used stand side by side, through groups and denials', async () => {
  const bench = await auditBench(ACCESS_KIND, { granularity: 'action' });
  inhabit(bench, 2, 0);
  const user = userName(0);
  policy(bench, 'compute', [{ Effect: 'Allow', Action: ['ecs:Describe*', 'ecs:RunInstances'], Resource: '*' }]);
  policy(bench, 'no-runs', [{ Effect: 'Deny', Action: 'ecs:RunInstances', Resource: '*' }]);
  policy(bench, 'passing', [{ Effect: 'Allow', NotAction: ['oss:*', 'ecs:*', 'ram:Create*'], Resource: '*' }]);
  bench.change({ do: 'create_group', group: 'ops' });
  bench.change({ do: 'add_to_group', group: 'ops', user });
  bench.change({ do: 'attach_policy', policy: 'compute', group: 'ops' });
  bench.change({ do: 'attach_policy', policy: 'no-runs', user });
  bench.change({ do: 'attach_policy', policy: 'passing', user: userName(1) });
  bench.act({ user, key_id: keyIdOf(bench, user), service: 'Ecs', event: 'DescribeInstances' });
  bench.act({ user, service: 'Rds', event: 'CreateBackup' });
  bench.clock.move(60_000);

  const rows = rowsOf(bench, await bench.collect(await bench.connect()));

  const own = rows.filter(({ identity }) => identity.name === user).map(written);
  expect(own).toEqual([
    'ecs  TRUE compute via group:ops used',
    'ecs Describe* TRUE compute via group:ops used',
    'ecs DescribeInstances TRUE compute via group:ops used',
    'ecs RunInstances FALSE  never',
    'rds  FALSE  used',
    'rds CreateBackup FALSE  used',
  ]);
  const other = rows.filter(({ identity }) => identity.name === userName(1)).map(written);
  expect(other).toEqual([
    'ram  TRUE passing never',
    'ram Create* FALSE  never',
    'rds  TRUE passing never',
    '*  TRUE passing never',
  ]);
  const why = (action: string) => rows.find((row) => row.action === action)?.why.join();
  expect(why('RunInstances')).toContain('denied by no-runs');
  expect(why('CreateBackup')).toContain('attempts that were refused count');
});

test('an identity without policies, or with some that give nothing, is a row with its reason', async () => {
  const bench = await auditBench(ACCESS_KIND, { lookup: 'all' });
  inhabit(bench, 2, 0);
  policy(bench, 'nothing', [{ Effect: 'Deny', Action: '*', Resource: '*' }]);
  bench.change({ do: 'attach_policy', policy: 'nothing', user: userName(1) });
  bench.change({ do: 'create_role', role: 'AliyunServiceRoleForOos' });

  const rows = rowsOf(bench, await bench.collect(await bench.connect()));

  expect(rows.map(({ identity, service, why }) => `${identity.name}: ${service}${why.join()}`)).toEqual([
    'user-000: no policy is attached to it or to a group of it',
    'user-001: its policies give nothing',
    'muster-audit: no policy is attached to it or to a group of it',
    'AliyunServiceRoleForOos: a service-linked role: its policies belong to the service, and nobody can change them',
  ]);
});

test('what roles did is looked up with all events of the account, and unknown without', async () => {
  const bench = await auditBench(ACCESS_KIND);
  policy(bench, 'p', [{ Effect: 'Allow', Action: ['ecs:*', 'oss:*'], Resource: '*' }]);
  bench.change({ do: 'create_role', role: 'deployer' });
  bench.change({ do: 'attach_policy', policy: 'p', role: 'deployer' });
  bench.act({ role: 'deployer', service: 'Ecs', event: 'RunInstances' });
  bench.clock.move(60_000);

  const users = rowsOf(bench, await bench.collect(await bench.connect()));
  const all = await bench.collect(await bench.connect({ lookup: 'all' }));
  const later = rowsOf(bench, await bench.collect(await bench.connect(), headOf(all)));

  const deployer = (rows: typeof users) => rows.filter(({ identity }) => identity.name === 'deployer');
  expect(deployer(users).map(written)).toEqual(['ecs  TRUE p unknown', 'oss  TRUE p unknown']);
  expect(deployer(rowsOf(bench, all)).map(written)).toEqual(['ecs  TRUE p used', 'oss  TRUE p never']);
  // What was seen once stays seen, and is the last use only as long as somebody looks.
  const [ecs, oss] = deployer(later);
  expect([ecs!, oss!].map(written)).toEqual(['ecs  TRUE p used', 'oss  TRUE p unknown']);
  expect(ecs).toMatchObject({ trackedSince: { reason: 'unknown' } });
  expect(ecs!.why.join()).toContain('lookup: all only');
});

test('200 identities in 30 services: the table is the history read a second time, and a kill costs less than 2 %', async () => {
  const bench = await auditBench(ACCESS_KIND, { granularity: 'action' });
  inhabit(bench, 200, 30);
  policy(bench, 'all', [{ Effect: 'Allow', Action: '*', Resource: '*' }]);
  bench.change({ do: 'create_group', group: 'everyone' });
  bench.change({ do: 'attach_policy', policy: 'all', group: 'everyone' });
  for (let index = 0; index < 200; index += 1)
    bench.change({ do: 'add_to_group', group: 'everyone', user: userName(index) });
  const attempt = memoryAttempt(bench.clock.now());

  await bench.collectUntil(3_000, attempt);
  const report = await bench.collect(await bench.connect(), { attempt: async () => attempt });

  expect(lastUses(bench, report)).toEqual(truth(bench, 30));
  // Lists, then three of each user, its group's policies, the policy, its key's services, their events, and three months of events.
  const least = 1 + 1 + 200 * 3 + 1 + 1 + 1 + 200 + 199 * 30 + 200 * 3;
  expect(bench.calls()).toBeLessThanOrEqual(least * 1.02);
  expect(bench.simulator.calls.list().filter(({ answer }) => answer.status !== 200)).toEqual([]);
  expect(busiestSecond(bench, 'GetAccessKeyLastUsedEvents')).toBeLessThanOrEqual(50);
  expect(busiestSecond(bench, 'LookupEvents')).toBeLessThanOrEqual(10);
}, 240_000);

test('killed at every call it repeats what was in flight only, and the table is the uninterrupted one', async () => {
  const bench = await auditBench(ACCESS_KIND, { lookup: 'all', granularity: 'action' });
  inhabit(bench, 5, 4);
  policy(bench, 'some', [{ Effect: 'Allow', Action: ['svc01:*', 'svc02:Create*'], Resource: '*' }]);
  for (let index = 0; index < 5; index += 1)
    bench.change({ do: 'attach_policy', policy: 'some', user: userName(index) });
  const startedAt = bench.clock.now();
  const whole = await bench.collect(await bench.connect(), { attempt: async () => memoryAttempt(startedAt) });
  const least = bench.calls();

  for (let after = 1; after < least; after += 1) {
    bench.simulator.calls.clear();
    const attempt = memoryAttempt(startedAt);
    await bench.collectUntil(after, attempt);
    const resumed = await bench.collect(await bench.connect(), { attempt: async () => attempt });

    expect(csvOf(resumed), `killed after ${after}`).toBe(csvOf(whole));
    expect(bench.calls() - least, `killed after ${after}`).toBeLessThanOrEqual(IN_FLIGHT);
  }
}, 240_000);

test('the next report asks for new events only, and what was seen once stays seen', async () => {
  const bench = await auditBench(ACCESS_KIND, { lookup: 'users' });
  inhabit(bench, 1, 0);
  policy(bench, 'p', [{ Effect: 'Allow', Action: ['ecs:*', 'oss:*'], Resource: '*' }]);
  bench.change({ do: 'attach_policy', policy: 'p', user: userName(0) });
  bench.act({ user: userName(0), service: 'Ecs', event: 'RunInstances' });
  bench.clock.move(60_000);
  const first = await bench.collect(await bench.connect());
  bench.clock.move(95 * DAY_MS);
  const second = await bench.collect(await bench.connect(), headOf(first));
  bench.clock.move(DAY_MS);
  bench.simulator.calls.clear();
  bench.act({ user: userName(0), service: 'Oss', event: 'PutBucket' });
  bench.clock.move(60_000);

  const third = await bench.collect(await bench.connect(), headOf(second));

  const own = (report: RawReport) =>
    rowsOf(bench, report)
      .filter(({ identity }) => identity.kind === 'user')
      .map(written);
  expect(own(second)).toEqual(['ecs  TRUE p used', 'oss  TRUE p never']);
  expect(own(third)).toEqual(['ecs  TRUE p used', 'oss  TRUE p used']);
  expect(bench.calls('LookupEvents')).toBe(1);
});

test('where neither keys nor events can be asked about, no use is called never', async () => {
  const bench = await auditBench(ACCESS_KIND);
  inhabit(bench, 1, 0);
  policy(bench, 'p', [{ Effect: 'Allow', Action: 'ecs:*', Resource: '*' }]);
  bench.change({ do: 'attach_policy', policy: 'p', user: userName(0) });
  bench.simulator.alibaba!.allow(bench.account.id, 'muster-audit', ['ram:List*', 'ram:Get*']);

  const report = await bench.collect(await bench.connect());

  const [row] = rowsOf(bench, report).filter(({ identity }) => identity.kind === 'user');
  expect(written(row!)).toBe('ecs  TRUE p unknown');
  expect(row!.why.join()).toContain('refused');
  expect(report.notVisible.join()).toContain('NoPermission');
});

function policy(bench: AuditBench, name: string, Statement: readonly object[]): void {
  bench.change({ do: 'put_policy', policy: name, document: { Version: '1', Statement } });
}

function keyIdOf({ account }: AuditBench, user: string): string {
  return account.users.get(user)!.accessKeys[0]!.id;
}

function rowsOf(bench: AuditBench, report: RawReport) {
  return bench.parsed(report).access ?? [];
}

function written({ service, action = '', granted, grantedBy, lastUsedAt }: ReturnType<typeof rowsOf>[number]): string {
  const by = grantedBy.map(({ policy: name, via }) => (via === undefined ? name : `${name} via ${via}`)).join();
  const isGranted = valueOf(granted) === undefined ? 'unknown' : valueOf(granted) === true ? 'TRUE' : 'FALSE';
  return `${service} ${action} ${isGranted} ${by} ${'reason' in lastUsedAt ? lastUsedAt.reason : 'used'}`;
}

function lastUses(bench: AuditBench, report: RawReport): Record<string, number | undefined> {
  const rows = rowsOf(bench, report).filter(({ identity, service }) => identity.kind === 'user' && service !== '*');
  return Object.fromEntries(
    rows.map(({ identity, service, action = '', lastUsedAt }) => [
      `${identity.id} ${service} ${action}`,
      valueOf(lastUsedAt),
    ]),
  );
}

/** Read a second time, from the history of what truly happened: everybody may use every service. */
function truth({ simulator, account }: AuditBench, services: number): Record<string, number | undefined> {
  const told: Record<string, number | undefined> = {};
  for (const user of account.users.keys())
    for (let index = 0; index < services; index += 1) told[`${user} ${serviceName(index).toLowerCase()} `] = undefined;
  for (const { action, user, at, details } of simulator.history.entries({ account: account.id })) {
    if (action !== 'api.called') continue;
    const { service, event } = details as Readonly<Record<string, string>>;
    for (const name of ['', event])
      for (const key of [`${user} ${service?.toLowerCase()} ${name}`])
        told[key] = Math.max(told[key] ?? 0, Date.parse(at));
  }
  return told;
}

test('a service that was used by calls that nobody names leaves its actions unknown, not never', async () => {
  const bench = await auditBench(ACCESS_KIND, { granularity: 'action' });
  inhabit(bench, 2, 1);
  bench.change({ do: 'unsupported_service', service: serviceName(0) });
  policy(bench, 'p', [{ Effect: 'Allow', Action: ['svc00:Create*', 'svc01:Create*'], Resource: '*' }]);
  bench.change({ do: 'attach_policy', policy: 'p', user: userName(0) });
  bench.clock.move(95 * DAY_MS);

  const rows = rowsOf(bench, await bench.collect(await bench.connect()));

  const own = rows.filter(({ identity }) => identity.name === userName(0)).map(written);
  expect(own).toEqual([
    'svc00  TRUE p used',
    'svc00 Create* TRUE p unknown',
    'svc01  TRUE p never',
    'svc01 Create* TRUE p never',
  ]);
});
