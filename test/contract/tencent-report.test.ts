import { describe, expect, test } from 'vitest';
import { valueOf } from '../../src/domain/record.ts';
import { passing } from '../kit/movable-clock.ts';
import { csvOf, textOf } from '../kit/raw-report.ts';
import { headOf, parsed, tencentBench } from '../kit/simulated-tencent.ts';

const signal = new AbortController().signal;

describe('a report put together from the API', () => {
  test('is whole, says what it is, and holds no personal data', async () => {
    const bench = await tencentBench({ usersPerAccount: 24 });
    const connection = await bench.connect();

    const report = await bench.collect(connection);

    expect(report).toMatchObject({ origin: 'synthesised', generatedAt: Date.UTC(2026, 10, 20, 9) });
    expect(report.parts.map((part) => part.name)).toEqual(['report.csv', 'answers.json']);
    expect(parsed(report)).toMatchObject({
      rows: 24,
      defects: [],
      oddities: [],
      unknownColumns: [],
      missingColumns: [],
    });
    expect(parsed(report).columns).toHaveLength(26);
    expect(textOf(report)).not.toMatch(/private-|139\d{8}|203\.0\.113|remark of|nick-|wecom-\d|PhoneNum/);
    expect(report.cut?.join()).toMatch(/PhoneNum.*Email.*LastLoginIp/s);
    expect(report.notVisible).toContain('unusual sign-ins of the last 30 days (no public API)');
  });

  test('tells of everybody what was truly so', async () => {
    const bench = await tencentBench({ usersPerAccount: 24 });
    const report = await bench.collect(await bench.connect());

    const { users } = bench.cloud.world.accounts.get(bench.accountId)!;
    const records = new Map(parsed(report).records.map((record) => [record.identity.id, record]));
    for (const user of users.values()) {
      const record = records.get(String(user.uin))!;
      expect(valueOf(record.identity.createdAt)).toBe(wholeSecond(user.createdAt));
      expect(new Set(record.accessKeys.map(({ id }) => id))).toEqual(new Set(user.keys.map(({ id }) => id)));
      for (const key of user.keys) {
        const told = record.accessKeys.find(({ id }) => id === key.id)!;
        expect(valueOf(told.active)).toBe(key.active);
        expect(valueOf(told.lastUsedAt)).toBe(key.lastUsedAt === undefined ? undefined : wholeSecond(key.lastUsedAt));
        expect(told.atRisk).toMatchObject({ reason: 'unknown' });
      }
    }
    expect(new Set(parsed(report).records.map(({ identity }) => identity.kind))).toEqual(
      new Set(['user', 'collaborator', 'wecom_user', 'message_receiver']),
    );
  });

  test('asks exactly what it must, and never more than 20 of one action in any second', async () => {
    const bench = await tencentBench({ usersPerAccount: 0 });
    for (let index = 0; index < 1_000; index += 1) {
      bench.change({ do: 'create_user', user: `user-${index}` });
      bench.change({ do: 'create_key', user: `user-${index}` });
      if (index < 200) bench.change({ do: 'create_key', user: `user-${index}` });
    }

    const report = await bench.collect(await bench.connect());

    expect(bench.counts()).toEqual({
      ListAccounts: 10,
      DescribeSubAccounts: 20,
      ListAccessKeys: 1_000,
      DescribeSafeAuthFlagColl: 1_000,
      GetSecurityLastUsed: 120,
    });
    expect(parsed(report)).toMatchObject({ rows: 1_000, oddities: [] });
    const codes = bench.simulator.calls.list().map(({ answer }) => answer.code);
    expect(new Set(codes)).toEqual(new Set([undefined]));
    expect(bench.clock.now() - report.generatedAt).toBeLessThan(70_000);
  }, 60_000);

  test('one user of whom the cloud cannot tell is named, and unknown is not "no key"', async () => {
    const bench = await tencentBench({ usersPerAccount: 12 });
    bench.change({ do: 'break_user', user: 'chen-0', action: 'ListAccessKeys', code: 'InternalError.UnknownError' });

    const report = await bench.collect(await bench.connect());

    const { records, oddities } = parsed(report);
    const record = records.find(({ identity }) => identity.name === 'chen-0')!;
    expect(record.accessKeys).toHaveLength(2);
    expect(record.accessKeys[0]).toMatchObject({ active: { reason: 'unknown' }, createdAt: { reason: 'unknown' } });
    expect(record.accessKeys[0]).not.toHaveProperty('id');
    expect(oddities).toEqual([expect.stringContaining('"chen-0"')]);
    expect(oddities[0]).toContain('cam:ListAccessKeys was refused (InternalError.UnknownError)');
    expect(report.notVisible).toContain('access keys of 1 accounts (the cloud refused: InternalError.UnknownError)');
    expect(records.filter(({ accessKeys }) => accessKeys.some((key) => key.id !== undefined)).length).toBeGreaterThan(
      3,
    );
  });

  test('falls back to the lists of each type where there is no ListAccounts', async () => {
    const bench = await tencentBench({ usersPerAccount: 60 });
    const connection = await bench.connect();
    const whole = await bench.collect(connection);
    bench.cloud.world.accounts.get(bench.accountId)!.hasListAccounts = false;
    bench.simulator.calls.clear();

    const report = await bench.collect(connection);

    expect(bench.counts()).toMatchObject({ ListAccounts: 1, ListUsers: 1, ListCollaborators: 1, ListReceiver: 1 });
    expect(rowsOf(report)).toEqual(rowsOf(whole));
  });

  test('the international site has fewer lists, and says so', async () => {
    const bench = await tencentBench({ usersPerAccount: 24, accounts: [{ site: 'international' }] });

    const report = await bench.collect(await bench.connect());

    expect(Object.keys(bench.counts()).filter((action) => action.startsWith('List'))).toEqual([
      'ListUsers',
      'ListCollaborators',
      'ListAccessKeys',
    ]);
    expect(report.notVisible).toContain('message receivers (the international site has no API for them)');
    expect(new Set(parsed(report).records.map(({ identity }) => identity.kind))).toEqual(
      new Set(['user', 'collaborator']),
    );
    expect(bench.said).toEqual([]);
  });

  test('the main account has no row, and is named as dropped', async () => {
    const bench = await tencentBench({ usersPerAccount: 4 });
    bench.cloud.world.accounts.get(bench.accountId)!.listsOwner = true;

    const report = await bench.collect(await bench.connect());

    expect(parsed(report)).toMatchObject({
      rows: 4,
      oddities: [expect.stringContaining('the main account has no row')],
    });
  });

  test("a collapse is checked against the cloud's own count", async () => {
    const bench = await tencentBench({ usersPerAccount: 60 });
    const connection = await bench.connect();
    const before = await bench.collect(connection);
    const { users } = bench.cloud.world.accounts.get(bench.accountId)!;
    for (const user of [...users.values()].slice(0, 50)) bench.change({ do: 'delete_user', user: user.name });
    bench.clock.move(4 * 3_600_000);

    const report = await bench.collect(connection, headOf(before));

    expect(parsed(report)).toMatchObject({ rows: 10, population: 10 });
  });
});

test('knows whose credentials they are, and the doctor finds nothing to complain of', async () => {
  const bench = await tencentBench();
  const connection = await bench.connect();

  expect(await connection.identify(signal)).toEqual({
    accountId: bench.accountId,
    principal: `qcs::sts:${bench.accountId}:assumed-role/muster-audit/muster`,
  });
  const probed = await passing(bench.clock, connection.probe(signal));
  expect(probed).toHaveLength(11);
  expect(probed.filter(({ problem }) => problem !== undefined)).toEqual([]);
});

function wholeSecond(instant: number): number {
  return Math.floor(instant / 1_000) * 1_000;
}

function rowsOf(report: Parameters<typeof csvOf>[0]): readonly string[] {
  return csvOf(report).split('\n').sort();
}
