import { expect, test } from 'vitest';
import { sha256 } from '../../src/kit/hash.ts';
import { allows } from '../../src/simulator/allow.ts';
import { partsOf } from '../kit/raw-report.ts';
import { HOUR_MS, parsedOf, simulatedAlibabaBench } from '../kit/simulated-alibaba.ts';

test('a report is collected, read whole, and not made again inside its four hours', async () => {
  const bench = await simulatedAlibabaBench();

  const first = await bench.collected();

  const parsed = parsedOf(first);
  expect(parsed).toMatchObject({ rows: 13, defects: [], oddities: [], unknownColumns: [], missingColumns: [] });
  expect(first.origin).toBe('provider');
  const users = parsed.records.filter((record) => record.identity.kind === 'user');
  expect(users.every((user) => user.identity.uniqueId !== undefined)).toBe(true);
  const keys = users.flatMap((user) => user.accessKeys);
  expect(keys.length).toBeGreaterThan(0);
  expect(keys.filter((key) => key.id === undefined)).toEqual([]);
  expect(parsed.population).toBe(13);
  expect(sha256(first.parts[0]!.bytes)).toBe(bench.cloud.world.reports.at(-1)!.sha256);

  bench.clock.move(2 * HOUR_MS);
  expect(await bench.next(first)).toMatchObject({ do: 'unchanged', generatedAt: first.generatedAt });

  bench.clock.move(2 * HOUR_MS + 60_000);
  const listedBefore = bench.calls('ListAccessKeys');
  const second = await bench.collected(first);

  expect(second.generatedAt).toBeGreaterThan(first.generatedAt + 4 * HOUR_MS);
  // Nothing happened to any key: none is asked for again.
  expect(bench.calls('ListAccessKeys')).toBe(listedBefore);
  expect(parsedOf(second).records).toEqual(parsed.records);
  const started = bench.simulator.calls.list().filter((call) => call.answer.state === 'STARTED');
  expect(started).toHaveLength(2);
});

test('3,500 users come over several pages, byte for byte', async () => {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 3_500 }], pageRows: 1_000 }, { key_ids: false });

  const report = await bench.collected();

  expect(bench.calls('GetCredentialReport')).toBeGreaterThanOrEqual(4);
  const [built] = bench.cloud.world.reports;
  expect(sha256(report.parts[0]!.bytes)).toBe(built!.sha256);
  expect(parsedOf(report)).toMatchObject({ rows: 3_501, defects: [], oddities: [], population: 3_501 });
  expect(report.notVisible.join()).toContain('key_ids is off');
});

test('a second page of another report is read again from the first', async () => {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 30 }], pageRows: 10 });
  bench.cloud.world.accounts.get(bench.accountId)!.report.tears = 1;

  const report = await bench.collected();

  expect(parsedOf(report)).toMatchObject({ rows: 31, defects: [] });
  expect(bench.calls('GetCredentialReport')).toBeGreaterThan(4);
});

test('a report that changes at every reading is a fault, not half a report', async () => {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 30 }], pageRows: 10 });
  bench.cloud.world.accounts.get(bench.accountId)!.report.tears = 1_000;

  await expect(bench.collected()).rejects.toMatchObject({ kind: 'unreachable', message: /changes while it is read/ });
});

test.each([
  ['in the middle of the table', 1],
  ['at its end', 4],
])('a page that was cut %s makes a broken table', async (_, number) => {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 30 }], pageRows: 10 });
  bench.cloud.world.accounts.get(bench.accountId)!.report.cutPage = { number, bytes: 2 };

  const report = await bench.collected();

  expect(
    parsedOf(report)
      .defects.map(({ what }) => what)
      .join(),
  ).toMatch(/cut short|cells where the header has/);
});

test('a user with four keys, a suspended login and a name that breaks careless readers', async () => {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 2 }] });
  const change = (action: string, user: string) => bench.cloud.change({ account: bench.accountId, do: action, user });
  change('create_user', 'old.timer');
  for (let key = 0; key < 4; key += 1) {
    bench.clock.move(60_000);
    change('create_key', 'old.timer');
  }
  change('create_user', 'resting');
  change('enable_console', 'resting');
  change('suspend_console', 'resting');

  const parsed = parsedOf(await bench.collected());

  expect(parsed).toMatchObject({ defects: [], oddities: [], unknownColumns: [] });
  const byId = new Map(parsed.records.map((record) => [record.identity.id, record]));
  expect(byId.get('old.timer')!.accessKeys.map(({ slot, id }) => [slot, id !== undefined])).toEqual([
    [1, true],
    [2, true],
    [3, true],
    [4, true],
  ]);
  expect(byId.get('resting')).toMatchObject({
    console: { enabled: { value: false }, passwordChangedAt: { reason: 'unknown' } },
    mfa: { reason: 'unknown' },
  });
});

test('no personal data is kept, in no part', async () => {
  const bench = await simulatedAlibabaBench();

  const report = await bench.collected();

  for (const bytes of partsOf(report).values())
    expect(Buffer.from(bytes).toString()).not.toMatch(/personal\.example|86-186|display/);
});

test('the doctor finds nothing to complain of, and names what is missing', async () => {
  const bench = await simulatedAlibabaBench();
  const signal = new AbortController().signal;

  expect((await bench.connection.probe(signal)).filter(({ problem }) => problem !== undefined)).toEqual([]);

  bench.cloud.allow(bench.accountId, 'muster-audit', ['ram:GenerateCredentialReport', 'ram:GetCredentialReport']);
  const problems = (await bench.connection.probe(signal)).filter(({ problem }) => problem !== undefined);
  expect(problems.map(({ permission, needed }) => [permission, needed])).toEqual([
    ['ram:GetAccountSummary', false],
    ['ram:ListUsers', false],
    ['ram:ListAccessKeys', false],
    ['ram:GetLoginProfile', false],
    ['ram:GetUserMFAInfo', false],
    ['ram:GetAccessKeyLastUsed', false],
  ]);
});

test('the session may do no more than the report needs, whatever the role may do', async () => {
  const bench = await simulatedAlibabaBench();
  bench.cloud.allow(bench.accountId, 'muster-audit', '*');

  await bench.collected();

  const [session] = [...bench.cloud.gate.sessions.values()];
  expect(allows(session!.principal.policy, 'ram:ListUsers')).toBe(true);
  expect(allows(session!.principal.policy, 'ram:CreateUser')).toBe(false);
});

test('without the right to list, the report comes alone, visibly, and under the same ids', async () => {
  const bench = await simulatedAlibabaBench();
  const whole = await bench.collected();
  bench.cloud.allow(bench.accountId, 'muster-audit', ['ram:GenerateCredentialReport', 'ram:GetCredentialReport']);
  bench.clock.move(4 * HOUR_MS + 60_000);
  bench.cloud.change({ account: bench.accountId, do: 'create_user', user: 'new-one' });

  const bare = await bench.collected(whole);

  expect(bare.notVisible.join()).toContain('user ids and access key ids (not allowed: ram:ListUsers)');
  expect(bench.happenings.map(({ kind }) => kind)).toContain('degraded');
  const ids = (report: typeof whole) => parsedOf(report).records.map(({ identity }) => identity.id);
  expect(ids(bare)).toEqual(expect.arrayContaining(ids(whole)));
});
