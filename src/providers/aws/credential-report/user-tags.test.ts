import { expect, test } from 'vitest';
import { awsReport } from '../../../../test/kit/aws-report.ts';
import { memoryAttempt } from '../../../../test/kit/memory-attempt.ts';
import { movableClock } from '../../../../test/kit/movable-clock.ts';
import { denied, type ScriptedUser, scriptedIam } from '../../../../test/kit/scripted-iam.ts';
import type { RawReport } from '../../../domain/report.ts';
import { atOnce } from '../../../kit/steps.ts';
import { collect } from './collect.ts';
import { deskOf } from './desk.ts';
import { parseReport } from './parse.ts';

const MADE = '2026-01-01T00:00:00Z';
const ALICE = { name: 'alice', created: MADE, tags: { team: 'payments', 'cost center': '12, "B"' } };
const BOB = { name: 'bob', created: MADE };
const EVE = { name: 'eve', created: MADE, tags: { ['__proto__']: 'no trick', constructor: 'Object' } };

function setUp(people: readonly ScriptedUser[], userTags: boolean) {
  const api = scriptedIam();
  api.people = [...people];
  api.pageSize = 2;
  const clock = movableClock();
  const desk = deskOf({
    accountId: '123456789012',
    keyIds: false,
    userTags,
    maxRps: 100,
    clock,
    observe: () => undefined,
  });
  api.stored = [{ is: 'report', bytes: awsReport(people), generatedAt: clock.now() - 1_000, requestId: undefined }];
  return {
    api,
    report: async (): Promise<RawReport> => {
      const step = await collect(
        api,
        { ...desk, pace: async () => undefined },
        {
          state: undefined,
          head: undefined,
          headParts: async () => new Map(),
          attempt: async () => memoryAttempt(clock.now()),
          everyMs: 4 * 3_600_000,
          clock,
          signal: new AbortController().signal,
        },
      );
      if (step.do !== 'keep') throw new Error(`expected a report, got ${step.do}`);
      return step.report;
    },
  };
}

function recordsOf(report: RawReport) {
  return atOnce(parseReport(new Map(report.parts.map(({ name, bytes }) => [name, bytes])))).records;
}

test('the tags of all users come page by page, and stand in their records', async () => {
  const { api, report } = setUp([ALICE, BOB, EVE], true);

  const [root, alice, bob, eve] = recordsOf(await report());

  expect(api.calls.filter((call) => call === 'GetAccountAuthorizationDetails')).toHaveLength(2);
  expect(root?.tags).toBeUndefined();
  expect(alice?.tags).toEqual(ALICE.tags);
  expect(bob?.tags).toEqual({});
  expect(Object.entries(eve?.tags ?? {})).toEqual([
    ['__proto__', 'no trick'],
    ['constructor', 'Object'],
  ]);
});

test('nobody is asked unless it is switched on, and nothing is said to be missing', async () => {
  const { api, report } = setUp([ALICE], false);

  const { parts, notVisible } = await report();

  expect(api.calls).not.toContain('GetAccountAuthorizationDetails');
  expect(parts.map(({ name }) => name)).not.toContain('user-tags.json');
  expect(notVisible.filter((what) => what.includes('tags'))).toEqual([]);
});

test('without the permission the report goes out without tags, and says so', async () => {
  const { api, report } = setUp([ALICE], true);
  api.faults.set('GetAccountAuthorizationDetails', [denied('GetAccountAuthorizationDetails')]);

  const made = await report();

  expect(made.notVisible).toContain('tags of users (not allowed: iam:GetAccountAuthorizationDetails)');
  expect(recordsOf(made)[1]?.tags).toBeUndefined();
});

test('a user that was made again under the same name has not the tags of the other', async () => {
  const { api, report } = setUp([ALICE], true);
  api.people = [{ ...ALICE, created: '2026-02-01T00:00:00Z' }];

  expect(recordsOf(await report())[1]?.tags).toBeUndefined();
});
