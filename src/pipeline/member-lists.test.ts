import { expect, test } from 'vitest';
import { member, members, organized } from '../../test/kit/organization.ts';
import { ACCOUNT, HOUR, testStage } from '../../test/kit/stage.ts';
import { Fault } from '../domain/fault.ts';
import type { Health } from '../domain/health.ts';
import { HEALTH_PART } from '../domain/health.ts';
import { knownAccounts, knownSource } from './accounts.ts';
import { healthSource } from './health.ts';
import { listMembers } from './member-lists.ts';
import { plan } from './plan.ts';
import type { Stage } from './stage.ts';

const signal = new AbortController().signal;

test('members are collected beside the accounts of the YAML, which win', async () => {
  const given = organized(testStage());
  given.listed = [member(1), member(2, { id: ACCOUNT, name: 'in the cloud' })];

  await listMembers(given.stage, signal);

  const accounts = await knownAccounts(given.stage);
  expect(accounts.map(({ id, name, organization }) => [id, name, organization])).toEqual([
    [ACCOUNT, 'prod', undefined],
    ['200000000001', 'team-1', 'main'],
  ]);
});

test("an account's tags become labels, and tags that are not told again count on", async () => {
  const given = organized(testStage());
  given.listed = [member(1, { tags: { bu: 'retail', secret: 'no' } })];
  await listMembers(given.stage, signal);
  given.listed = [member(1, { name: 'renamed' })];
  await listMembers(given.stage, signal);

  const account = (await knownSource(given.stage, 'aws/200000000001/credential-report'))?.account;

  expect(account).toMatchObject({ name: 'renamed', cloudName: 'renamed', labels: { org: 'main', bu: 'retail' } });
});

test('a list is filed when it says something new only, and another worker reads it', async () => {
  const first = testStage();
  const given = organized(first);
  given.listed = members(3);
  for (let round = 0; round < 3; round += 1) await listMembers(given.stage, signal);
  given.listed = members(3).toReversed();
  await listMembers(given.stage, signal);

  const other = organized(testStage({ store: first.store, clock: first.clock }));

  expect((await knownAccounts(other.stage)).length).toBe(1 + 3);
  expect(other.asked).toBe(0);
  expect(await numbers(given.stage, ['organizations', 'aws', 'main'])).toBe(1);
});

test.each([
  ['suspended', member(1, { state: 'suspended' }), {}],
  ['excluded', member(1), { exclude: [{ accountId: '200000000001', owner: 'a', reason: 'b', until: '2999-01-01' }] }],
  ['not named', member(1), { members: ['200000000002'] }],
  ['the management account', member(1, { isManagement: true }), { managementAccount: false }],
])('a member that is left out is not collected: %s', async (_, left, change) => {
  const given = organized(testStage(), change);
  given.listed = [left, member(2)];

  await listMembers(given.stage, signal);

  expect((await knownAccounts(given.stage)).map(({ id }) => id)).toEqual([ACCOUNT, '200000000002']);
});

test('an exclusion that is over counts no more, and that is said once', async () => {
  const given = testStage();
  const over = { exclude: [{ accountId: '200000000001', owner: 'payments', reason: 'sandbox', until: '2020-01-01' }] };
  const org = organized(given, over);
  org.listed = [member(1)];

  await plan(org.stage, signal);
  await plan(org.stage, signal);

  expect((await knownAccounts(org.stage)).map(({ id }) => id)).toContain('200000000001');
  expect(given.happenings.filter(({ kind }) => kind === 'warning')).toHaveLength(1);
});

test('when listing fails the filed list is used, and health says so at the organisation', async () => {
  const given = organized(testStage());
  given.listed = members(30);
  await plan(given.stage, signal);
  given.listed = new Fault('denied', 'organization main: organizations:ListAccounts is denied');
  await plan(given.stage, signal);

  expect(await knownAccounts(given.stage)).toHaveLength(31);
  expect((await health(given.stage)).organizations).toEqual({
    'aws/main': {
      state: 'failing',
      fault: 'denied',
      message: expect.stringContaining('with 30 members is used'),
      since: expect.any(String),
    },
  });

  given.listed = members(30);
  await plan(given.stage, signal);
  expect((await health(given.stage)).organizations).toBeUndefined();
});

test('a list that collapsed is believed when it says the same a day later', async () => {
  const base = testStage();
  const given = organized(base);
  given.listed = members(50);
  await plan(given.stage, signal);
  given.listed = members(10);
  await plan(given.stage, signal);
  base.clock.move(23 * HOUR);
  await plan(given.stage, signal);

  expect(await knownAccounts(given.stage)).toHaveLength(51);
  expect((await health(given.stage)).organizations?.['aws/main']?.state).toBe('held');

  base.clock.move(2 * HOUR);
  await plan(given.stage, signal);
  expect(await knownAccounts(given.stage)).toHaveLength(11);
});

test('an empty list is not believed', async () => {
  const given = organized(testStage());
  given.listed = members(5);
  await listMembers(given.stage, signal);
  given.listed = [];
  await listMembers(given.stage, signal);

  expect(await knownAccounts(given.stage)).toHaveLength(6);
});

test('a new member is planned at the next tick; one that left is not, and health says why', async () => {
  const base = testStage();
  const given = organized(base);
  given.listed = [member(1)];
  await plan(given.stage, signal);
  given.listed = [member(2), member(3, { state: 'suspended' })];
  base.queued.length = 0;

  await plan(given.stage, signal);

  const collected = base.queued.flatMap(({ job }) => (job.name === 'collect' ? [job.source] : []));
  expect(collected).toContain('aws/200000000002/credential-report');
  expect(collected).not.toContain('aws/200000000001/credential-report');
  expect((await health(given.stage)).sources['aws/200000000001/credential-report']).toMatchObject({ state: 'left' });
});

async function health(stage: Stage): Promise<Health> {
  const head = await stage.archive.head(healthSource(stage.deployment));
  const bytes = head && (await stage.archive.parts(head, [HEALTH_PART])).get(HEALTH_PART);
  return JSON.parse(new TextDecoder().decode(bytes)) as Health;
}

async function numbers(stage: Stage, segments: readonly string[]): Promise<number> {
  return (await stage.archive.series(segments).latest())?.number ?? 0;
}
