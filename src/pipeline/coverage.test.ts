import { expect, test } from 'vitest';
import { auditStage } from '../../test/kit/audit-stage.ts';
import { member, organized } from '../../test/kit/organization.ts';
import { ACCOUNT, AWS_SOURCE, counted, csvOf, HOUR, rawReport, testStage } from '../../test/kit/stage.ts';
import { Fault } from '../domain/fault.ts';
import { sourceName } from '../domain/names.ts';
import { collect } from './collect.ts';
import { coverage } from './coverage.ts';
import { listMembers } from './member-lists.ts';

const signal = new AbortController().signal;
const JOB = { name: 'collect', source: AWS_SOURCE, due: 'first', attempt: 0 } as const;

test('a fresh report of which nothing is hidden covers its account; later it is stale', async () => {
  const given = testStage();
  given.steps.push({ do: 'keep', report: counted(given.clock.now(), 1) });
  await collect(JOB, given.stage, signal);

  expect(await coverage(given.stage, [])).toMatchObject([{ account_id: ACCOUNT, state: 'covered', why: [] }]);

  given.clock.move(9 * HOUR);
  expect(await coverage(given.stage, [])).toMatchObject([{ state: 'stale' }]);
});

test('an account whose reports only a person brings is covered by these, and stale without them', async () => {
  const given = testStage();
  const told: unknown[] = [];
  const brought = { ...given.stage, kind: () => ({ ...given.stage.kind(AWS_SOURCE)!, collectable: false as const }) };
  told.push(...(await coverage(brought, [])));
  given.steps.push({ do: 'keep', report: counted(given.clock.now(), 1) });
  await collect(JOB, given.stage, signal);
  told.push(...(await coverage(brought, [])));

  expect(told).toMatchObject([{ state: 'stale', why: ['no report yet'] }, { state: 'covered' }]);
});

test('what an account does not show makes it partial; what its cloud shows nobody does not', async () => {
  const given = testStage();
  const [never = ''] = given.stage.kind(AWS_SOURCE)?.neverShown ?? [];
  const report = { ...counted(given.clock.now(), 1), notVisible: [never, 'access key ids of 1 user'] };
  given.steps.push({ do: 'keep', report });
  await collect(JOB, given.stage, signal);

  expect(await coverage(given.stage, [])).toMatchObject([{ state: 'partial', why: ['access key ids of 1 user'] }]);
});

test.each([
  ['the same', 1, 2_000, []],
  ['one more, right after', 2, 2_000, ['the report has 2 rows, and the account summary counts 3 identities']],
  ['one more, an hour later', 2, HOUR, []],
  ['many more, an hour later', 20, HOUR, ['the report has 2 rows, and the account summary counts 21 identities']],
  ['nothing', undefined, 2_000, ["the report was not compared with the cloud's own count of users yet"]],
])("where the cloud's own count is %s, the account is covered or says why not", async (_, users, laterMs, why) => {
  const given = testStage();
  given.clock.move(laterMs);
  const report = counted(given.clock.now() - laterMs, users);
  given.steps.push({ do: 'keep', report: { ...report, collectedAt: report.generatedAt + laterMs } });
  await collect(JOB, given.stage, signal);

  expect(await coverage(given.stage, [])).toMatchObject([{ state: why.length === 0 ? 'covered' : 'partial', why }]);
});

test('a count that is not allowed is told once', async () => {
  const given = testStage();
  const notVisible = [
    "the cloud's own count of users, to compare the report with (not allowed: iam:GetAccountSummary)",
  ];
  given.steps.push({ do: 'keep', report: { ...counted(given.clock.now(), undefined), notVisible } });
  await collect(JOB, given.stage, signal);

  expect(await coverage(given.stage, [])).toMatchObject([{ state: 'partial', why: notVisible }]);
});

test('an account that refuses us is denied, whatever was collected before', async () => {
  const given = testStage();
  given.steps.push({ do: 'keep', report: rawReport(given.clock.now(), csvOf(['ann'])) });
  await collect(JOB, given.stage, signal);
  given.clock.move(5 * HOUR);
  given.steps.push(new Fault('denied', 'account 123456789012: may not'));
  await collect(JOB, given.stage, signal);

  expect(await coverage(given.stage, [])).toMatchObject([
    { state: 'denied', why: ['account 123456789012: may not'], generated_at: expect.any(String) },
  ]);
});

test('every account is in one state: excluded, unlisted, stale', async () => {
  const until = '2999-01-01';
  const exclude = [{ accountId: member(1).id, owner: 'payments', reason: 'sandbox', until }];
  const given = organized(testStage(), { exclude, managementAccount: false });
  given.listed = [member(1), member(2, { state: 'suspended' }), member(3, { isManagement: true }), member(4)];
  await listMembers(given.stage, signal);
  await given.stage.archive.seen(
    sourceName({ provider: 'aws', accountId: '999999999999', kind: 'credential-report' }),
    given.stage.clock.now(),
  );
  const expected = [
    { provider: 'aws', accountId: member(1).id },
    { provider: 'aws', accountId: '888888888888', name: 'shadow', owner: 'nobody' },
  ];

  const found = await coverage(given.stage, expected);

  expect(found.map(({ account_id: id, state, owner }) => [id, state, owner])).toEqual([
    [ACCOUNT, 'stale', undefined],
    [member(4).id, 'stale', undefined],
    [member(3).id, 'unlisted', undefined],
    ['888888888888', 'unlisted', 'nobody'],
    ['999999999999', 'unlisted', undefined],
    [member(1).id, 'excluded', 'payments'],
    [member(2).id, 'excluded', undefined],
  ]);
  expect(found.find(({ account_id: id }) => id === member(1).id)).toMatchObject({ until, why: ['sandbox'] });
});

test('members whose hub is refused are denied, with the reason of the hub', async () => {
  const given = organized(testStage());
  given.listed = [member(1)];
  await listMembers(given.stage, signal);
  given.listed = new Fault('denied', 'organization main: the hub may not');
  await listMembers(given.stage, signal);

  const found = (await coverage(given.stage, [])).find(({ account_id: id }) => id === member(1).id);

  expect(found).toMatchObject({ state: 'denied', organization: 'main' });
  expect(found?.why.join()).toContain('the hub may not');
});

/** The root and one user, and how many users AWS counts. */

test('an audit has nothing to be compared with: it covers its account as well', async () => {
  const given = auditStage();
  await given.collect(AWS_SOURCE, counted(given.clock.now(), 1));
  await given.access([]);
  await given.keys([]);
  given.clock.move(-10 * HOUR);

  expect(await coverage(given.stage, [])).toMatchObject([{ state: 'covered', why: [] }]);
});
