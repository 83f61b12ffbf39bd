import { expect, test } from 'vitest';
import { archiveUsers, spoilHead } from '../../test/kit/archived.ts';
import { member, organized } from '../../test/kit/organization.ts';
import { testStage } from '../../test/kit/stage.ts';
import type { Exception } from '../domain/rules.ts';
import { listMembers } from '../pipeline/member-lists.ts';
import { idleExceptions, idleExclusions } from './idle-exceptions.ts';

const WHO = { owner: 'payments', reason: 'moves in March', until: '2027-03-01' };
const ABOUT = 'exceptions[0] (payments, until 2027-03-01)';

test.each<readonly [Partial<Exception>, readonly string[]]>([
  [{ accounts: ['prod'] }, []],
  [{ accounts: ['pord'] }, ['there is no account named pord']],
  [{ accounts: ['prod', 'pord'] }, ['there is no account named pord']],
  [{ labels: { env: 'prod' } }, []],
  [{ labels: { env: 'dev' } }, ['there is no account with the labels env=dev']],
  [{ accounts: ['prod'], labels: { env: 'dev' } }, ['there is no account named prod with the labels env=dev']],
  [{ identities: ['al*', 'root'] }, []],
  [{ identities: ['alice', 'bbo'] }, ['no identity in the newest reports is meant by "bbo"']],
  [{ accounts: ['pord'], until: '2026-01-01' }, []],
])('of %o is said: %o', async (exception, expected) => {
  const given = testStage();
  await archiveUsers(given, ['alice', 'bob']);
  const exceptions = [{ ...WHO, ...exception }];

  const idle = await idleExceptions({ ...given.stage, exceptions });

  expect(idle).toEqual(expected.map((why) => ({ about: ABOUT, why })));
});

test('while an account has no report nothing is said of identities', async () => {
  const { stage } = testStage();

  expect(await idleExceptions({ ...stage, exceptions: [{ ...WHO, identities: ['nobody'] }] })).toEqual([]);
});

test('nor while its newest report is damaged', async () => {
  const given = testStage();
  await archiveUsers(given, ['alice']);
  await spoilHead(given);

  expect(await idleExceptions({ ...given.stage, exceptions: [{ ...WHO, identities: ['nobody'] }] })).toEqual([]);
});

test('an excluded account that the organisation does not have is told, once the organisation was listed', async () => {
  const exclude = [member(1).id, '999999999999'].map((accountId) => ({ accountId, ...WHO }));
  const given = organized(testStage(), { exclude });
  given.listed = [member(1), member(2)];

  expect(await idleExclusions(given.stage)).toEqual([]);
  await listMembers(given.stage, new AbortController().signal);
  expect(await idleExclusions(given.stage)).toEqual([
    {
      about: 'exclude of organization main (payments, until 2027-03-01)',
      why: expect.stringMatching(/^the organization has no account 999999999999, as listed at 2026-/),
    },
  ]);
});
