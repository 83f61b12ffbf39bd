import { expect, test } from 'vitest';
import type { ServiceAccess } from '../../src/domain/access.ts';
import { valueOf } from '../../src/domain/record.ts';
import type { RawReport } from '../../src/domain/report.ts';
import { DAY_MS, MINUTE_MS, parsedOf, type TencentAuditBench, tencentAuditBench } from '../kit/audited-tencent.ts';
import { memoryAttempt } from '../kit/memory-attempt.ts';
import { csvOf, headOf, textOf } from '../kit/raw-report.ts';

const KIND = 'access-audit';

test('services that policies give are joined with when CloudAudit last saw them used, by key or in the console', async () => {
  const bench = await inhabited();
  const keyId = bench.user('li').keys[0]!.id;
  bench.act({ user: 'li', key_id: keyId, service: 'cvm', event: 'RunInstances' }, 5 * DAY_MS);
  bench.act({ user: 'li', service: 'cvm', event: 'DescribeInstances', region: 'ap-guangzhou' }, 2 * DAY_MS);
  bench.act({ user: 'li', service: 'ssl', event: 'DescribeCertificates' }, 3 * DAY_MS);

  const report = await bench.collect(await bench.connect());

  expect(report.origin).toBe('synthesised');
  expect(parsedOf(KIND, report)).toMatchObject({ defects: [], oddities: [] });
  expect(short(report, 'li')).toEqual([
    'cos TRUE by readers: never',
    `cvm TRUE by compute,readers: ${ago(bench, 2)}`,
    `ssl unknown by : ${ago(bench, 3)}`,
  ]);
  expect(short(report, 'wang')).toEqual([' FALSE by : never']);
  expect(short(report, 'muster-audit')).toEqual(['cam TRUE by audit: unknown']);
  expect(textOf(report)).not.toContain('private');
  expect(bench.said).toEqual([]);
});

test.each(['mainland', 'international'] as const)(
  'where CloudAudit tells of one role under its id, another role without events is unused (%s)',
  async (site) => {
    const bench = await inhabited({ site });
    bench.change({ do: 'create_role', role: 'deployer' });
    bench.change({ do: 'attach_policy', role: 'deployer', policy: 'compute' });

    const first = await bench.collect(await bench.connect());
    bench.clock.move(2 * DAY_MS);
    bench.act({ role: 'deployer', service: 'cvm', event: 'RunInstances' }, DAY_MS);
    const used = ago(bench, 1);
    const second = await bench.collect(await bench.connect(), headOf(first));
    const [unknown] = rowsOf(first, 'deployer');

    expect(unknown?.lastUsedAt).toMatchObject({ reason: 'unknown', why: expect.stringContaining('nor of any other') });
    expect(short(second, 'deployer')).toEqual([`cvm TRUE by compute: ${used}`]);
    expect(short(second, 'muster-audit')).toEqual(['cam TRUE by audit: never']);
  },
);

test('with granularity action there is a row for each action that is given or was used', async () => {
  const bench = await inhabited({ own: { granularity: 'action' } });
  bench.act({ user: 'li', service: 'cvm', event: 'runinstances' }, 5 * DAY_MS);
  bench.act({ user: 'li', service: 'cvm', event: 'ConsoleThing' }, 4 * DAY_MS);

  const report = await bench.collect(await bench.connect());

  const rows = rowsOf(report, 'li').filter(({ service, action }) => service === 'cvm' && action !== undefined);
  expect(rows.map((row) => `${row.action} ${shortOf(row)}`)).toEqual([
    `ConsoleThing cvm unknown by : ${ago(bench, 4)}`,
    'DescribeInstances cvm TRUE by compute,readers: never',
    `RunInstances cvm TRUE by compute,readers: ${ago(bench, 5)}`,
  ]);
});

test('where there is no list of grants, they are worked out from what the policies say', async () => {
  const bench = await inhabited({ site: 'international', own: { granularity: 'action', groups: true } });
  policy(bench, 'no-stop', { effect: 'deny', action: 'cvm:Terminate*', resource: '*' });
  policy(bench, 'all', { effect: 'allow', action: '*', resource: '*' });
  policy(bench, 'odd', { effect: 'allow', not_action: 'cvm:*', resource: '*' });
  policy(bench, 'no-cos', { effect: 'deny', action: 'name/cos:*', resource: '*' });
  for (const name of ['no-stop', 'no-cos']) bench.change({ do: 'attach_policy', user: 'li', policy: name });
  bench.change({ do: 'attach_policy', user: 'wang', policy: 'all' });
  bench.change({ do: 'attach_policy', role: 'muster-audit', policy: 'odd' });
  bench.act({ user: 'li', service: 'cvm', event: 'TerminateInstances' }, DAY_MS);

  const report = await bench.collect(await bench.connect());

  const li = rowsOf(report, 'li');
  expect(li.filter(({ action }) => action === undefined).map((row) => shortOf(row))).toEqual([
    'cos FALSE by : never',
    `cvm TRUE by compute,readers via group:all: ${ago(bench, 1)}`,
  ]);
  expect(li.find(({ action }) => action === 'TerminateInstances')).toMatchObject({ granted: { value: false } });
  expect(li.find(({ action }) => action === 'RunInstances')).toMatchObject({ granted: { value: true } });
  expect(rowsOf(report, 'wang')[0]).toMatchObject({
    service: '',
    granted: { value: true },
    grantedBy: [{ policy: 'all' }],
  });
  expect(rowsOf(report, 'muster-audit')[0]).toMatchObject({
    service: '',
    granted: { reason: 'unknown' },
    why: ['the policy odd has words that Muster does not know'],
  });
  expect(short(report, 'all')).toContain('cos TRUE by readers: unsupported');
  expect(bench.calls('GetPolicy')).toBe(7);
});

test('two hundred identities with thirty services, killed anywhere, cost hardly a call more', async () => {
  const bench = await tencentAuditBench(KIND);
  for (let number = 0; number < 200; number += 1) {
    bench.change({ do: 'create_user', user: `user-${number}` });
  }
  policy(bench, 'broad', { effect: 'allow', action: ['cvm:*', 'vpc:*', 'cos:*'], resource: '*' });
  bench.clock.move(100 * DAY_MS);
  for (const { name } of bench.account.users.values()) {
    bench.change({ do: 'attach_policy', user: name, policy: 'broad' });
    for (let number = 0; number < 30; number += 1)
      bench.act({ user: name, service: `product${number}`, event: 'Do' }, number * DAY_MS + MINUTE_MS);
  }
  const startedAt = bench.clock.now();
  const whole = await bench.collect(await bench.connect());
  const least = bench.calls();
  // Two lists, a trial, and for each identity its grants and three windows of time.
  expect(least).toBe(2 + 1 + 1 + 201 * 4);

  for (const after of [1, 40, 203, 350, 600]) {
    bench.simulator.calls.clear();
    const attempt = memoryAttempt(startedAt);
    await bench.collectUntil(after, attempt);
    const resumed = await bench.collect(await bench.connect(), { attempt: async () => attempt });

    expect(csvOf(resumed), `killed after ${after}`).toBe(csvOf(whole));
    expect(bench.calls(), `killed after ${after}`).toBeLessThanOrEqual(least * 1.02);
    expect(bench.refused()).toEqual([]);
  }
}, 120_000);

test('the next report goes on where the head ended', async () => {
  const bench = await inhabited();
  bench.act({ user: 'li', service: 'cvm', event: 'RunInstances' }, 5 * DAY_MS);
  const used = ago(bench, 5);
  const first = await bench.collect(await bench.connect());
  bench.clock.move(95 * DAY_MS);
  bench.simulator.calls.clear();

  const second = await bench.collect(await bench.connect(), headOf(first));

  expect(short(second, 'li')[1]).toBe(`cvm TRUE by compute,readers: ${used}`);
  bench.clock.move(DAY_MS);
  bench.simulator.calls.clear();
  await bench.collect(await bench.connect(), headOf(second));
  expect(bench.calls('LookUpEvents')).toBe(1 + 3);
});

test.each([
  ['cam:ListPoliciesGrantingServiceAccess', /^what policies give to 3 identities \(not allowed: /],
  ['cam:DescribeRoleList', /^roles \(not allowed: /],
  ['cloudaudit:LookUpEvents', /^last uses of services \(not allowed: /],
])('without %s it is said what is not seen', async (action, line) => {
  const bench = await inhabited();
  const all = ['cam:ListAccounts', 'cam:DescribeRoleList', 'cam:ListPoliciesGrantingServiceAccess'];
  const role = bench.account.roles.get('muster-audit')!;
  role.allow = [...all, 'sts:GetCallerIdentity', 'cloudaudit:LookUpEvents'].filter((one) => one !== action);

  const report = await bench.collect(await bench.connect());

  expect(report.notVisible.filter((what) => line.test(what))).toHaveLength(1);
  expect(bench.said).toHaveLength(1);
  expect(rowsOf(report, 'li').length).toBeGreaterThan(0);
});

async function inhabited(options: Parameters<typeof tencentAuditBench>[1] = {}): Promise<TencentAuditBench> {
  const bench = await tencentAuditBench(KIND, options);
  bench.change({ do: 'create_user', user: 'li' });
  bench.change({ do: 'create_key', user: 'li' });
  bench.change({ do: 'create_user', user: 'wang' });
  bench.change({ do: 'create_group', group: 'all' });
  bench.change({ do: 'add_to_group', group: 'all', user: 'li' });
  policy(bench, 'compute', { effect: 'allow', action: ['cvm:RunInstances', 'cvm:DescribeInstances'], resource: '*' });
  policy(bench, 'readers', { effect: 'allow', action: ['cos:Get*', 'name/cvm:Describe*'], resource: '*' });
  policy(bench, 'audit', { effect: 'allow', action: 'cam:List*', resource: '*' });
  bench.change({ do: 'attach_policy', user: 'li', policy: 'compute' });
  bench.change({ do: 'attach_policy', group: 'all', policy: 'readers' });
  bench.change({ do: 'attach_policy', role: 'muster-audit', policy: 'audit' });
  bench.clock.move(100 * DAY_MS);
  return bench;
}

function policy(bench: TencentAuditBench, name: string, statement: object): void {
  const document = JSON.stringify({ version: '2.0', statement: [statement] });
  bench.change({ do: 'create_policy', policy: name, document });
}

function rowsOf(report: RawReport, name: string): readonly ServiceAccess[] {
  return (parsedOf(KIND, report).access ?? []).filter(({ identity }) => identity.name === name);
}

function short(report: RawReport, name: string): readonly string[] {
  return rowsOf(report, name).map(shortOf);
}

function shortOf({ service, granted, grantedBy, lastUsedAt }: ServiceAccess): string {
  const is = 'value' in granted ? String(granted.value).toUpperCase() : granted.reason;
  const by = grantedBy.map(({ policy: one, via }) => (via === undefined ? one : `${one} via ${via}`)).join(',');
  return `${service} ${is} by ${by}: ${valueOf(lastUsedAt) ?? ('reason' in lastUsedAt ? lastUsedAt.reason : '')}`;
}

/** To the second, as CloudAudit tells it. */
function ago({ clock }: TencentAuditBench, days: number): number {
  return Math.floor((clock.now() - days * DAY_MS) / 1_000) * 1_000;
}
