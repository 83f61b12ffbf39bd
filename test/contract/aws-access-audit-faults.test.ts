import { expect, test } from 'vitest';
import type { ServiceAccess } from '../../src/domain/access.ts';
import { Fault } from '../../src/domain/fault.ts';
import type { RawReport } from '../../src/domain/report.ts';
import { aws } from '../../src/providers/aws/index.ts';
import type { AuditPace } from '../../src/simulator/aws/audit-state.ts';
import { type AuditBench, auditBench, parsedOf } from '../kit/audited-aws.ts';
import { memoryAttempt } from '../kit/memory-attempt.ts';
import { csvOf } from '../kit/raw-report.ts';

const KIND = 'access-audit';

test.each([
  ['throttle', 'GenerateServiceLastAccessedDetails', 3],
  ['throttle', 'GetServiceLastAccessedDetails', 3],
  ['throttle', 'ListPoliciesGrantingServiceAccess', 3],
  ['error500', 'ListRoles', 2],
  ['reset', 'GetServiceLastAccessedDetails', 2],
  ['expired_token', 'GetServiceLastAccessedDetails', 1],
  ['expired_token', 'GenerateServiceLastAccessedDetails', 1],
] as const)('%s of %s is survived, and the table is the same', async (kind, action, count) => {
  const bench = await inhabited();
  const startedAt = bench.clock.now();
  const whole = await bench.collect(await bench.connect());
  bench.simulator.faults.plant({ match: { action }, kind, count });

  const report = await bench.collect(await bench.connect(), { attempt: async () => memoryAttempt(startedAt) });

  expect(csvOf(report)).toBe(csvOf(whole));
});

test('jobs that AWS forgot, or that another session began, are begun again', async () => {
  const bench = await inhabited();
  const whole = await bench.collect(await bench.connect());
  bench.simulator.calls.clear();

  const collected = bench.collect(await bench.connect());
  await until(() => bench.calls('GenerateServiceLastAccessedDetails') >= 3);
  bench.change({ do: 'forget_jobs' });

  expect(rowsOf(await collected)).toEqual(rowsOf(whole));
  expect(bench.calls('GenerateServiceLastAccessedDetails')).toBeGreaterThan(5);
});

test('an identity whose jobs fail has one row that says so, and fails nobody else', async () => {
  const bench = await inhabited({}, { jobs: 1 });
  bench.change({ do: 'fail_jobs', count: 3 });

  const report = await bench.collect(await bench.connect());

  const [failed, ...others] = parsedOf(KIND, report).access!;
  expect(failed).toMatchObject({
    identity: { name: 'user-0' },
    service: '',
    granted: { reason: 'unknown' },
    why: ['AWS could not make the report of this identity: InternalFailure'],
  });
  expect(others.filter(({ service }) => service === '')).toHaveLength(1); // the role has no policy
  expect(report.notVisible).toContain('services of 1 identity (AWS failed to tell)');
});

test('who is deleted meanwhile has no row and is named; service-linked roles are left out', async () => {
  const bench = await inhabited({}, { jobs: 1 });
  bench.change({ do: 'create_role', role: 'batch' });
  bench.change({
    do: 'create_role',
    role: 'AWSServiceRoleForSupport',
    path: '/aws-service-role/support.amazonaws.com/',
  });

  const collected = bench.collect(await bench.connect());
  await until(() => bench.calls('GenerateServiceLastAccessedDetails') >= 1);
  bench.change({ do: 'delete_role', role: 'batch' });
  const report = await collected;

  const names = new Set(parsedOf(KIND, report).access!.map(({ identity }) => identity.name));
  expect([...names]).toEqual(['user-0', 'user-1', 'user-2', 'user-3', 'muster-audit']);
  expect(answersOf(report)).toContainEqual(expect.objectContaining({ name: 'batch', access: { gone: true } }));
});

test('without iam:ListPoliciesGrantingServiceAccess the policies are not known, which is said once', async () => {
  const bench = await inhabited();
  bench.simulator.world.accounts.get(bench.account.id)!.roles.get('muster-audit')!.allow = [
    'iam:ListUsers',
    'iam:ListRoles',
    'iam:Generate*',
    'iam:Get*',
  ];

  const report = await bench.collect(await bench.connect());

  const line =
    'which policy gives a service, of 4 identities (iam:ListPoliciesGrantingServiceAccess was refused: AccessDenied)';
  expect(report.notVisible).toContain(line);
  expect(bench.said).toEqual([expect.objectContaining({ kind: 'degraded', what: expect.stringContaining(line) })]);
  expect(bench.calls('ListPoliciesGrantingServiceAccess')).toBeLessThanOrEqual(5);
  expect(parsedOf(KIND, report).access![0]).toMatchObject({ granted: { value: true }, grantedBy: [] });
});

test.each(aws.kinds[KIND]!.permissions.required)(
  'without %s there is no report, and the fault names it',
  async (action) => {
    const bench = await inhabited();
    const allow = [...aws.kinds[KIND]!.permissions.required, ...aws.kinds[KIND]!.permissions.optional];
    bench.account.roles.get('muster-audit')!.allow = allow.filter((one) => one !== action);

    const failure = await bench.collect(await bench.connect()).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(Fault);
    expect(failure).toMatchObject({ kind: 'denied', message: expect.stringContaining(action) });
  },
);

test('actions and groups are told where they are asked for, page by page', async () => {
  const bench = await inhabited({ pageRows: 2 }, { granularity: 'action', groups: true });
  bench.act({ user: 'user-1', service: 's3', event: 'ListAllMyBuckets', region: 'eu-west-1' });
  bench.act({ user: 'user-1', service: 's3', event: 'GetObject', data: true });

  const rows = parsedOf(KIND, await bench.collect(await bench.connect())).access!;

  const s3 = rows.filter(({ identity, service }) => identity.name === 'user-1' && service === 's3');
  expect(s3.map(({ action, lastUsedRegion, granted }) => [action, lastUsedRegion, 'value' in granted])).toEqual([
    [undefined, { value: 'eu-west-1' }, true],
    ['CreateBucket', { reason: 'never' }, false],
    ['DeleteBucket', { reason: 'never' }, false],
    ['ListAllMyBuckets', { value: 'eu-west-1' }, false],
  ]);
  const group = rows.filter(({ identity, action }) => identity.kind === 'group' && action === undefined);
  expect(group.map(({ identity, service, grantedBy }) => [identity.name, service, grantedBy])).toEqual([
    ['devs', 's3', [{ policy: 'dev' }]],
  ]);
  expect(rows.find((row) => row.identity.name === 'user-0' && row.service === 's3')?.grantedBy).toContainEqual({
    policy: 'dev',
    via: 'group:devs',
  });
});

/** Four users in a group, and the role that Muster takes, which has no policy. */
async function inhabited(audits: Partial<AuditPace> = {}, own: object = {}): Promise<AuditBench> {
  const bench = await auditBench(KIND, { own, audits });
  bench.change({ do: 'create_group', group: 'devs' });
  bench.change({ do: 'attach_policy', group: 'devs', policy: 'dev', services: ['s3'] });
  for (let index = 0; index < 4; index += 1) {
    const user = `user-${index}`;
    bench.simulator.mutate({ account: bench.account.id, do: 'create_user', user });
    bench.change({ do: 'add_to_group', group: 'devs', user });
    bench.change({ do: 'attach_policy', user, policy: 'own', services: ['s3', 'sqs', 'kms'], managed: true });
  }
  return bench;
}

function rowsOf(report: RawReport): readonly (readonly unknown[])[] {
  return parsedOf(KIND, report).access!.map(({ identity, service, grantedBy }: ServiceAccess) => [
    identity.id,
    service,
    grantedBy,
  ]);
}

function answersOf(report: RawReport): unknown[] {
  const part = report.parts.find(({ name }) => name === 'answers.jsonl')!;
  return new TextDecoder()
    .decode(part.bytes)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
