import { expect, test } from 'vitest';
import { valueOf } from '../../src/domain/record.ts';
import type { RawReport } from '../../src/domain/report.ts';
import { ACCESS_KIND } from '../../src/providers/alibaba/access-audit/kind.ts';
import { type AuditBench, auditBench, inhabit, userName } from '../kit/audited-alibaba.ts';

test.each([
  ['InvalidParameter.Policy.Statement', '{"Statement": [{"Effect": "Allow"}]}'],
  ['InvalidParameter.Policy.Statement', '{"Version": "1", "Statement": ['],
  ['InvalidParameter.Policy.NotAction', '{"Statement": {"Effect": "Deny", "NotAction": "all of it", "Resource": "*"}}'],
  ['LengthExceedLimit.Policy', `{"Statement": [], "x": "${'x'.repeat(140_000)}"}`],
])('%s names the policy, and only the one who has it is in doubt', async (code, document) => {
  const bench = await auditBench(ACCESS_KIND);
  inhabit(bench, 2, 0);
  bench.change({ do: 'put_policy', policy: 'broken', document });
  policy(bench, 'good', [{ Effect: 'Allow', Action: 'ecs:*', Resource: '*' }]);
  for (const attached of ['broken', 'good']) bench.change({ do: 'attach_policy', policy: attached, user: userName(0) });
  bench.change({ do: 'attach_policy', policy: 'good', user: userName(1) });

  const report = await bench.collect(await bench.connect());

  const [fault, first, ...more] = rowsOf(bench, report).filter(({ identity }) => identity.kind === 'user');
  expect(fault).toMatchObject({ service: '', granted: { reason: 'unknown' } });
  expect(fault!.why.join()).toContain(`${code}: the policy broken`);
  expect(first!.why.join()).toContain('the policy broken is not understood');
  expect(more.map(({ identity, why }) => [identity.name, why.join().includes('broken')])).toEqual([
    [userName(1), false],
  ]);
  expect(bench.parsed(report).defects).toEqual([]);
});

test.each(['told', 'hidden'])('the default version counts, where the list leaves it %s', async (list) => {
  const bench = await auditBench(ACCESS_KIND);
  inhabit(bench, 1, 0);
  policy(bench, 'p', [{ Effect: 'Allow', Action: 'ecs:*', Resource: '*' }]);
  bench.change({ do: 'put_policy', policy: 'p', document: { Statement: [] }, default: false });
  policy(bench, 'q', [{ Effect: 'Allow', Action: 'rds:*', Resource: '*' }]);
  policy(bench, 'q', [{ Effect: 'Allow', Action: 'slb:*', Resource: '*' }]);
  for (const name of ['p', 'q']) bench.change({ do: 'attach_policy', policy: name, user: userName(0) });
  if (list === 'hidden') bench.change({ do: 'hide_versions' });

  const rows = rowsOf(bench, await bench.collect(await bench.connect()));

  expect(rows.filter(({ identity }) => identity.kind === 'user').map(({ service }) => service)).toEqual(['ecs', 'slb']);
});

test('services that are given by a part of their name have a row, and a guard leaves no others', async () => {
  const bench = await auditBench(ACCESS_KIND);
  inhabit(bench, 3, 0);
  policy(bench, 'security', [{ Effect: 'Allow', Action: 'yundun-*:*', Resource: '*' }]);
  policy(bench, 'everything', [{ Effect: 'Allow', Action: '*', Resource: '*' }]);
  policy(bench, 'only-ecs', [{ Effect: 'Deny', NotAction: 'ecs:*', Resource: '*' }]);
  bench.change({ do: 'attach_policy', policy: 'security', user: userName(0) });
  for (const user of [userName(1), userName(2)]) bench.change({ do: 'attach_policy', policy: 'everything', user });
  bench.change({ do: 'attach_policy', policy: 'only-ecs', user: userName(2) });
  bench.act({ user: userName(0), service: 'Yundun-Waf', event: 'DescribeDomain' });
  bench.clock.move(60_000);

  const rows = rowsOf(bench, await bench.collect(await bench.connect()));

  const of = (index: number) => rows.filter(({ identity }) => identity.name === userName(index));
  const told = (index: number) => of(index).map(({ service, lastUsedAt }) => [service, 'value' in lastUsedAt]);
  expect(rows.every(({ identity, granted }) => identity.kind !== 'user' || valueOf(granted) === true)).toBe(true);
  expect(told(0)).toEqual([
    ['yundun-*', true],
    ['yundun-waf', true],
  ]);
  expect(of(1).map(({ service }) => service)).toEqual(['ecs', 'yundun-*', 'yundun-waf', '*']);
  expect(told(2)).toEqual([['ecs', false]]);
});

test('the undocumented audit is asked where it is configured, and its raw answers are kept', async () => {
  const bench = await nativeBench();
  bench.act({ user: userName(1), service: 'Ecs', event: 'RunInstances' });
  bench.clock.move(60_000);

  const report = await bench.collect(await bench.connect());

  const used = rowsOf(bench, report).filter(({ lastUsedAt }) => valueOf(lastUsedAt) !== undefined);
  expect(used.map(({ identity, service }) => `${identity.name} ${service}`)).toEqual([`${userName(1)} ecs`]);
  const native = report.parts.find(({ name }) => name === 'native.jsonl')!.bytes;
  const lines = new TextDecoder().decode(native).trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toContain('"ServicesLastAccessed":{"Service":[{"ServiceNamespace":"ecs"');
});

test.each([
  ['InvalidParameter.Policy.Statement', 'asked'],
  ['InvalidParameter.Policy.NotAction', 'asked'],
  ['LengthExceedLimit.Policy', 'asked'],
  ['LengthExceedLimit.Policy', 'ended'],
])(
  'the undocumented audit fails with %s when it is %s: a fault of this identity that names the policy',
  async (code, when) => {
    const bench = await nativeBench();
    const arn = `acs:ram::${bench.account.id}:user/${userName(0)}`;
    bench.change({ do: 'fail_job', arn, code, policy: 'good', when });

    const report = await bench.collect(await bench.connect());

    const faults = rowsOf(bench, report).filter(({ service }) => service === '');
    const own = faults.filter(({ identity }) => identity.kind === 'user');
    expect(own.map(({ identity }) => identity.name)).toEqual([userName(0)]);
    expect(own[0]!.why.join()).toContain(`${code}: the policy good`);
    expect(bench.said).toEqual([]);
  },
);

test('where the undocumented audit is not what was configured, the report does without and says so', async () => {
  const bench = await nativeBench({ answer: { job: 'Id.Of.Nothing' } });

  const report = await bench.collect(await bench.connect());

  expect(rowsOf(bench, report).some(({ service }) => service === 'ecs')).toBe(true);
  expect(report.notVisible.join()).toContain('no Id.Of.Nothing in the answer');
});

test('where a failed job has no message at the configured path, the row says that no policy is named', async () => {
  const bench = await nativeBench({ answer: { message: 'Error.Words' } });
  const arn = `acs:ram::${bench.account.id}:user/${userName(0)}`;
  bench.change({ do: 'fail_job', arn, code: 'LengthExceedLimit.Policy', policy: 'good', when: 'ended' });

  const report = await bench.collect(await bench.connect());

  const why = rowsOf(bench, report).flatMap((row) => (row.service === '' ? row.why : []));
  expect(why.join()).toContain('LengthExceedLimit.Policy: the policy that it does not name');
});

/** Without other ways to see a use. */
async function nativeBench(more: object = {}): Promise<AuditBench> {
  const bench = await auditBench(ACCESS_KIND, { lookup: 'off' });
  inhabit(bench, 2, 0);
  policy(bench, 'good', [{ Effect: 'Allow', Action: 'ecs:*', Resource: '*' }]);
  for (const index of [0, 1]) bench.change({ do: 'attach_policy', policy: 'good', user: userName(index) });
  const native = { endpoint: bench.simulator.url, version: '2015-05-01', ...more };
  return { ...bench, connect: () => bench.connect({ lookup: 'off', native }) };
}

function policy(bench: AuditBench, name: string, Statement: readonly object[]): void {
  bench.change({ do: 'put_policy', policy: name, document: { Version: '1', Statement } });
}

function rowsOf(bench: AuditBench, report: RawReport) {
  return bench.parsed(report).access ?? [];
}
