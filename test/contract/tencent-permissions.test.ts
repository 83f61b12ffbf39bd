import { expect, test } from 'vitest';
import { tencent } from '../../src/providers/tencent/index.ts';
import { parsed, passing, tencentBench } from '../kit/simulated-tencent.ts';

const { required, optional } = tencent.kinds['credential-report']!.permissions;
const ALL = [...required, ...optional];
const signal = new AbortController().signal;
/** Of GetCallerIdentity nobody can be deprived; ListUsers is not asked where ListAccounts works. */
const NOT_MISSED = ['sts:GetCallerIdentity', 'cam:ListUsers'];

test('what is declared is enough, and all of it is in use', async () => {
  const bench = await tencentBench({ usersPerAccount: 24 });
  bench.cloud.allow(bench.accountId, 'muster-audit', ALL);
  const connection = await bench.connect();

  const report = await bench.collect(connection);
  const probed = await passing(bench.clock, connection.probe(signal));

  expect(parsed(report)).toMatchObject({ rows: 24, oddities: [] });
  expect(probed.filter(({ problem }) => problem !== undefined)).toEqual([]);
  expect(probed.map(({ permission }) => permission).sort()).toEqual([...ALL].sort());
});

test.each(ALL.filter((permission) => !NOT_MISSED.includes(permission)))(
  'the doctor names %s when just that one is missing, and the report does what is documented',
  async (permission) => {
    const bench = await tencentBench({ usersPerAccount: 24 });
    bench.cloud.allow(
      bench.accountId,
      'muster-audit',
      ALL.filter((one) => one !== permission),
    );
    const connection = await bench.connect();

    const probed = await passing(bench.clock, connection.probe(signal));
    const report = await bench.collect(connection).catch((error: unknown) => error as Error);

    expect(probed.filter(({ problem }) => problem !== undefined)).toEqual([
      {
        permission,
        needed: required.includes(permission),
        problem: expect.stringContaining(`allow ${permission} on *`) as string,
      },
    ]);
    if (required.includes(permission)) expect(report).toMatchObject({ kind: 'denied' });
    else expect(parsed(report as Parameters<typeof parsed>[0])).toMatchObject({ rows: 24, defects: [] });
  },
);
