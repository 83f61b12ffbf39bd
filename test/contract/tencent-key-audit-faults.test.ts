import { expect, test } from 'vitest';
import { DAY_MS, parsedOf } from '../kit/audited-tencent.ts';
import { memoryAttempt } from '../kit/memory-attempt.ts';
import { csvOf, headOf, textOf } from '../kit/raw-report.ts';
import { inhabited, KIND, REGIONS, truth, uses, work } from '../kit/tencent-keys-at-work.ts';

const LISTS = ['key', 'service', 'event', 'address', 'resource'];

test('a region that is closed is named, and what it told before stays', async () => {
  const bench = await inhabited(3, 100);
  const first = await bench.collect(await bench.connect());
  bench.change({ do: 'close_region', region: 'ap-shanghai', code: 'UnsupportedRegion' });
  const second = await bench.collect(await bench.connect(), headOf(first));
  bench.change({ do: 'open_region', region: 'ap-shanghai' });
  bench.clock.move(DAY_MS);
  work(bench, 3, 40, DAY_MS);
  const third = await bench.collect(await bench.connect(), headOf(second));

  const used = Object.entries(uses(first)).filter(([, { count }]) => count !== 0);
  expect(uses(second)).toMatchObject(Object.fromEntries(used));
  expect(uses(second)['user-002 key  ']?.count).toBeUndefined();
  const gaps = parsedOf(KIND, second).keyUses?.filter(
    ({ what, service, name }) => what !== 'key' && service + name === '',
  );
  expect(gaps).toHaveLength(3 * 4);
  const why = 'CloudAudit in ap-shanghai refused: UnsupportedRegion';
  expect(second.notVisible).toContain(`what access keys were used for (${why})`);
  expect(parsedOf(KIND, second).keyUses?.[0]?.why).toContain(why);
  expect(uses(third)).toEqual(truth(bench));
});

test('without CloudAudit there is the time of the last use, and the reason', async () => {
  const bench = await inhabited(2, 20);
  const role = bench.account.roles.get('muster-audit')!;
  role.allow = ['cam:List*', 'cam:Get*', 'sts:GetCallerIdentity'];

  const report = await bench.collect(await bench.connect());

  expect(report.notVisible).toContain('what access keys were used for (not allowed: cloudaudit:LookUpEvents)');
  const rows = parsedOf(KIND, report).keyUses!;
  // Nothing is named: what was not told is neither gone nor new.
  expect(rows.map(({ what }) => what)).toEqual([...LISTS, ...LISTS]);
  expect(rows.every(({ service, name }) => service + name === '')).toBe(true);
  expect(rows[0]).toMatchObject({
    lastUsedAt: { value: bench.user('user-000').keys[0]!.lastUsedAt },
    count: { reason: 'unknown' },
    why: ['not allowed: cloudaudit:LookUpEvents'],
  });
  expect(bench.said).toHaveLength(1);
});

test('depth info asks CloudAudit for nothing, and depth products tells services only', async () => {
  const bench = await inhabited(2, 20);

  const info = await bench.collect(await bench.connect({ depth: 'info' }));
  expect(bench.calls('LookUpEvents')).toBe(0);
  expect(parsedOf(KIND, info).keyUses!.map(({ what }) => what)).toEqual([...LISTS, ...LISTS]);

  const products = await bench.collect(await bench.connect({ depth: 'products', regions: REGIONS }));
  const rows = parsedOf(KIND, products).keyUses!;
  const isNamed = ({ what, service, name }: (typeof rows)[number]) => what === 'key' || service + name !== '';
  expect(new Set(rows.filter(isNamed).map(({ what }) => what))).toEqual(new Set(['key', 'service']));
  const gaps = rows.filter((row) => !isNamed(row)).map(({ what }) => what);
  expect(gaps).toEqual(['event', 'address', 'resource', 'event', 'address', 'resource']);
  expect(textOf(products)).not.toContain('203.0.113.');
});

test.each([['throttle', 5] as const, ['error500', 2] as const, ['reset', 2] as const, ['garbage', 2] as const])(
  '%s now and then changes nothing of the table',
  async (kind, count) => {
    const bench = await inhabited(6, 200);
    const startedAt = bench.clock.now();
    const whole = await bench.collect(await bench.connect(), { attempt: async () => memoryAttempt(startedAt) });
    for (const action of ['LookUpEvents', 'ListAccessKeys', 'GetSecurityLastUsed'])
      bench.simulator.faults.plant({ match: { action }, kind, count });

    const again = await bench.collect(await bench.connect(), { attempt: async () => memoryAttempt(startedAt) });

    expect(csvOf(again)).toBe(csvOf(whole));
  },
);

test('an account id of whose keys the cloud refuses to tell is said, and does not fail the report', async () => {
  const bench = await inhabited(3, 30);
  bench.change({ do: 'break_user', user: 'user-000', action: 'ListAccessKeys', code: 'InvalidParameter.UserNotExist' });

  const report = await bench.collect(await bench.connect());

  expect(report.notVisible).toContain('access keys of 1 accounts (the cloud refused: InvalidParameter.UserNotExist)');
  expect(new Set(parsedOf(KIND, report).keyUses!.map(({ owner }) => owner.name))).toEqual(
    new Set(['user-001', 'user-002']),
  );
});

test('an outage is no answer: the audit fails, and goes on from what was kept when it is over', async () => {
  const bench = await inhabited(6, 200);
  const attempt = memoryAttempt(bench.clock.now());
  const whole = await bench.collect(await bench.connect(), { attempt: async () => memoryAttempt(attempt.startedAt) });
  bench.simulator.calls.clear();
  const connection = await bench.connect();
  const killed = await bench.collectUntil(16, attempt);
  bench.simulator.faults.plant({ match: { action: 'LookUpEvents' }, kind: 'error500', count: 1_000 });

  await expect(bench.collect(connection, { attempt: async () => attempt })).rejects.toMatchObject({
    kind: 'unreachable',
  });
  bench.simulator.faults.clear();
  const resumed = await bench.collect(connection, { attempt: async () => attempt });

  expect(killed).toBeUndefined();
  expect(csvOf(resumed)).toBe(csvOf(whole));
  expect(bench.calls('ListAccessKeys')).toBe(6);
});
