import { expect, test } from 'vitest';
import type { KeyUse } from '../../src/domain/access.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import type { RawReport } from '../../src/domain/report.ts';
import { aws } from '../../src/providers/aws/index.ts';
import { type AuditBench, auditBench, parsedOf } from '../kit/audited-aws.ts';
import { memoryAttempt } from '../kit/memory-attempt.ts';
import { csvOf, headOf } from '../kit/raw-report.ts';

const KIND = 'key-audit';
const DAY_MS = 86_400_000;
const LISTS = ['service', 'event', 'address', 'resource'];
const REGIONS = ['us-east-1', 'eu-west-1'];

test('a key with many pages of events is laid aside and taken up by another process, page for page', async () => {
  const bench = await inhabited({ regions: ['eu-west-1'] });
  for (let number = 0; number < 2_300; number += 1) use(bench, { at: ago(bench, 60_000 * Math.floor(number / 3)) });
  const startedAt = bench.clock.now();
  const whole = await bench.collect(await bench.connect());
  const least = bench.calls('LookupEvents');
  bench.simulator.calls.clear();
  const attempt = memoryAttempt(startedAt);

  await bench.collectUntil(50, attempt);
  const resumed = await bench.collect(await bench.connect(), { attempt: async () => attempt });

  expect(least).toBeLessThanOrEqual(2_300 / 50 + 2);
  expect(csvOf(resumed)).toBe(csvOf(whole));
  expect(bench.calls('LookupEvents')).toBeLessThanOrEqual(least + 10);
  expect(keyRow(whole)).toMatchObject({ count: { value: 2_300 } });
});

test.each([
  ['disable_region', 'eu-west-1 is not enabled for this account (UnrecognizedClientException)', 0],
  ['deny_region', 'cloudtrail:LookupEvents is denied in eu-west-1 (AccessDeniedException)', 1],
])('%s: the other regions are told, and why this one is not', async (change, why, degraded) => {
  const bench = await inhabited();
  use(bench, { region: 'us-east-1', address: '203.0.113.1' });
  use(bench, { region: 'eu-west-1', address: '203.0.113.2' });
  bench.change({ do: change, region: 'eu-west-1' });

  const report = await bench.collect(await bench.connect());

  expect(names(report, 'address')).toEqual(['203.0.113.1']);
  expect(keyRow(report)?.why).toEqual([why]);
  expect(report.notVisible).toContain(`uses of keys: ${why}`);
  // Where nothing is enabled nothing was used.
  expect(gaps(report)).toEqual(degraded === 0 ? [] : LISTS);
  expect(bench.said).toHaveLength(degraded);
  expect(bench.simulator.calls.list().filter(({ answer }) => answer.status !== 200)).toHaveLength(1);
});

test('a region that answered before and denies now takes nothing away, and is caught up with later', async () => {
  const bench = await inhabited();
  use(bench, { region: 'eu-west-1', address: '203.0.113.1' });
  bench.clock.move(1_000);
  const first = await bench.collect(await bench.connect());
  bench.clock.move(DAY_MS);
  use(bench, { region: 'eu-west-1', address: '203.0.113.2' });
  bench.change({ do: 'deny_region', region: 'eu-west-1' });
  bench.clock.move(1_000);

  const second = await bench.collect(await bench.connect(), headOf(first));
  bench.change({ do: 'enable_region', region: 'eu-west-1' });
  bench.clock.move(DAY_MS);
  const third = await bench.collect(await bench.connect(), headOf(second));

  expect(names(second, 'address')).toEqual(['203.0.113.1']);
  expect(names(third, 'address')).toEqual(['203.0.113.1', '203.0.113.2']);
  expect(keyRow(third)).toMatchObject({ count: { value: 2 }, why: [] });
});

test('nobody may look events up: when keys were last used is told all the same', async () => {
  const bench = await inhabited();
  use(bench, {});
  bench.account.roles.get('muster-audit')!.allow = ['iam:*'];

  const report = await bench.collect(await bench.connect());

  expect(kinds(report)).toEqual(['key']);
  expect(gaps(report)).toEqual(LISTS);
  expect(keyRow(report)).toMatchObject({
    service: 'ec2',
    lastUsedAt: { value: expect.any(Number) },
    count: { reason: 'unknown', why: 'CloudTrail told nothing of it' },
  });
  expect(bench.calls('LookupEvents')).toBe(REGIONS.length);
});

test.each(aws.kinds[KIND]!.permissions.required)('without %s there is no report', async (action) => {
  const bench = await inhabited();
  const allow = [...aws.kinds[KIND]!.permissions.required, ...aws.kinds[KIND]!.permissions.optional];
  bench.account.roles.get('muster-audit')!.allow = allow.filter((one) => one !== action);

  await expect(bench.collect(await bench.connect())).rejects.toMatchObject({
    kind: 'denied',
    message: expect.stringContaining(action),
  });
});

test('each depth tells what it promises, and asks for no more', async () => {
  const bench = await inhabited();
  use(bench, { resources: [{ type: 'AWS::EC2::Instance', name: 'i-1' }] });
  use(bench, { service: 's3', event: 'GetObject', data: true, at: formatInstant(bench.clock.now() + 1_200_000) });
  bench.clock.move(2_000_000);

  const info = await bench.collect(await bench.connect({ depth: 'info', regions: REGIONS }));
  const lookUps = bench.calls('LookupEvents');
  const products = await bench.collect(await bench.connect({ depth: 'products', regions: REGIONS }));
  const full = await bench.collect(await bench.connect(), headOf(products));

  expect(kinds(info)).toEqual(['key']);
  expect([info, products, full].map(gaps)).toEqual([LISTS, ['event', 'address', 'resource'], []]);
  expect(lookUps).toBe(0);
  expect(kinds(products)).toEqual(['key', 'service', 'service']);
  expect(kinds(full)).toEqual(['key', 'service', 'address', 'event', 'resource', 'service']);
  expect(parsedOf(KIND, full).keyUses!.find(({ service }) => service === 's3')).toMatchObject({
    what: 'service',
    count: { reason: 'unknown' },
    why: ['told by iam:GetAccessKeyLastUsed', 'CloudTrail has no management event of it'],
  });
});

test.each([
  ['throttle', 'LookupEvents', 3],
  ['throttle', 'GetAccessKeyLastUsed', 3],
  ['expired_token', 'LookupEvents', 1],
  ['error500', 'ListAccessKeys', 2],
  ['truncated', 'LookupEvents', 1],
] as const)('%s of %s is survived, and the table is the same', async (kind, action, count) => {
  const bench = await inhabited();
  use(bench, {});
  const startedAt = bench.clock.now();
  const whole = await bench.collect(await bench.connect());
  bench.simulator.faults.plant({ match: { action }, kind, count });

  const report = await bench.collect(await bench.connect(), { attempt: async () => memoryAttempt(startedAt) });

  expect(csvOf(report)).toBe(csvOf(whole));
});

/** One user with one key. */
async function inhabited(own: object = { regions: REGIONS }): Promise<AuditBench> {
  const bench = await auditBench(KIND, { own });
  bench.simulator.mutate({ account: bench.account.id, do: 'create_user', user: 'ci' });
  bench.simulator.mutate({ account: bench.account.id, do: 'create_key', user: 'ci' });
  bench.clock.move(10 * DAY_MS);
  return bench;
}

function use(bench: AuditBench, what: Partial<Parameters<AuditBench['act']>[0]>): void {
  const key_id = bench.account.users.get('ci')!.accessKeys[0]!.id;
  bench.act({ user: 'ci', key_id, service: 'ec2', event: 'RunInstances', region: 'eu-west-1', ...what });
}

function ago({ clock }: AuditBench, ms: number): string {
  return formatInstant(clock.now() - ms);
}

function rowsOf(report: RawReport): readonly KeyUse[] {
  return parsedOf(KIND, report).keyUses!;
}

function keyRow(report: RawReport): KeyUse | undefined {
  return rowsOf(report).find(({ what }) => what === 'key');
}

function names(report: RawReport, what: KeyUse['what']): readonly string[] {
  return rowsOf(report).flatMap((row) => (row.what === what && row.name !== '' ? [row.name] : []));
}

function kinds(report: RawReport): readonly string[] {
  return rowsOf(report).flatMap((row) => (isGap(row) ? [] : [row.what]));
}

/** Lists that are said not to be all of it. */
function gaps(report: RawReport): readonly string[] {
  return rowsOf(report).flatMap((row) => (isGap(row) ? [row.what] : []));
}

function isGap({ what, service, name }: KeyUse): boolean {
  return what !== 'key' && service === '' && name === '';
}
