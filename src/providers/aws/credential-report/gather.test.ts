import { describe, expect, test } from 'vitest';
import { awsReport, entryOf, type ReportUser } from '../../../../test/kit/aws-report.ts';
import { memoryAttempt } from '../../../../test/kit/memory-attempt.ts';
import { denied, scriptedIam } from '../../../../test/kit/scripted-iam.ts';
import type { Clock } from '../../../domain/clock.ts';
import { Fault } from '../../../domain/fault.ts';
import type { Happening } from '../../../domain/happening.ts';
import type { Parts, RawReport, ReportEntry } from '../../../domain/report.ts';
import { atOnce } from '../../../kit/steps.ts';
import type { Step } from '../../provider.ts';
import { collect } from './collect.ts';
import { deskOf } from './desk.ts';
import { parseReport } from './parse.ts';

const HOUR_MS = 3_600_000;
const MADE = '2026-01-01T00:00:00Z';
const FIRST = '2026-02-01T00:00:00Z';
const SECOND = '2026-03-01T00:00:00Z';
const ALICE = { name: 'alice', created: MADE, keys: [{ id: 'AKIA1', created: FIRST }] };
const BOB = { name: 'bob', created: MADE };
const EVE = { name: 'eve', created: MADE, keys: [{ id: 'AKIA3', created: SECOND }] };

describe('what is asked beside the report', () => {
  test('tells user ids and key ids, and asks only for users who have keys', async () => {
    const { api, collectOf } = setUp([ALICE, BOB, EVE]);

    const { records } = parsed(await collectOf([ALICE, BOB, EVE]));

    expect(records.map((record) => record.identity.uniqueId)).toEqual([undefined, 'AIDAalice', 'AIDAbob', 'AIDAeve']);
    expect(records.flatMap((record) => record.accessKeys).map((key) => key.id)).toEqual(['AKIA1', 'AKIA3']);
    expect(records.map((record) => record.serviceCredentials)).toEqual([undefined, [], [], []]);
    expect(lists(api.calls)).toEqual(['ListUsers', 'ListAccessKeys alice', 'ListAccessKeys eve']);
  });

  test('nothing is listed again while users and key cells stay as they were', async () => {
    const { api, collectOf } = setUp([ALICE, EVE]);
    const first = await collectOf([ALICE, EVE]);
    api.calls.length = 0;

    const second = await collectOf([ALICE, EVE], first);

    expect(lists(api.calls)).toEqual([]);
    expect(parsed(second).records).toEqual(parsed(first).records);
  });

  test('only a user whose key cells changed is asked for', async () => {
    const { api, collectOf } = setUp([ALICE, EVE]);
    const first = await collectOf([ALICE, EVE]);
    api.calls.length = 0;

    await collectOf([{ ...ALICE, keys: [{ created: FIRST, active: false }] }, EVE], first);

    expect(lists(api.calls)).toEqual(['ListAccessKeys alice']);
  });

  test('a new user lists the users, page by page, and that user alone', async () => {
    const { api, collectOf } = setUp([ALICE]);
    const first = await collectOf([ALICE]);
    api.calls.length = 0;
    api.people = [ALICE, EVE];
    api.pageSize = 1;

    await collectOf([ALICE, EVE], first);

    expect(lists(api.calls)).toEqual(['ListUsers', 'ListUsers', 'ListAccessKeys eve']);
  });

  test('a user that was made again under the same name is somebody else', async () => {
    const { collectOf } = setUp([{ ...ALICE, created: SECOND }]);

    const { records } = parsed(await collectOf([ALICE]));

    expect(records[1]?.identity).not.toHaveProperty('uniqueId');
    expect(records[1]?.accessKeys[0]).not.toHaveProperty('id');
  });

  test('a user that vanishes while we ask is passed over', async () => {
    const { api, collectOf } = setUp([ALICE, EVE]);
    api.gone.add('alice');

    const report = await collectOf([ALICE, EVE]);

    expect(
      parsed(report)
        .records.flatMap((record) => record.accessKeys)
        .map((key) => key.id),
    ).toEqual([undefined, 'AKIA3']);
    expect(report.notVisible.join()).not.toContain('access key ids');
  });

  test('a missing permission leaves the report alone, says so once, and is asked for again next time', async () => {
    const { api, collectOf, happenings } = setUp([ALICE]);
    for (const action of ['ListUsers', 'ListServiceSpecificCredentials']) {
      api.faults.set(action, [denied(action), denied(action)]);
    }

    const first = await collectOf([ALICE]);
    const second = await collectOf([ALICE], first);
    const third = await collectOf([ALICE], second);

    expect(first.parts.map((part) => part.name)).toEqual(['report.csv', 'account-summary.json']);
    expect(first.notVisible).toContain('user ids and access key ids (not allowed: iam:ListUsers)');
    expect(happenings.map((happening) => happening.kind)).toEqual(['degraded', 'degraded']);
    expect(third.parts.map((part) => part.name)).toEqual([
      'report.csv',
      'account-summary.json',
      'access-keys.json',
      'service-credentials.json',
    ]);
  });

  test('throttling is waited out', async () => {
    const { api, collectOf } = setUp([ALICE]);
    api.faults.set('ListAccessKeys', [throttled(), throttled()]);

    expect(parsed(await collectOf([ALICE])).records[1]?.accessKeys[0]?.id).toBe('AKIA1');
  });

  test('throttling that does not end costs key ids, not the report; the next report asks for those only', async () => {
    const { api, collectOf } = setUp([ALICE, EVE]);
    api.faults.set('ListAccessKeys', [throttled(), throttled(), throttled(), throttled()]);

    const first = await collectOf([ALICE, EVE]);
    api.calls.length = 0;
    await collectOf([ALICE, EVE], first);

    expect(first.notVisible).toContain('access key ids of 2 users (AWS throttles us, or it took too long)');
    expect(lists(api.calls)).toEqual(['ListAccessKeys alice', 'ListAccessKeys eve']);
  });

  test('calls keep to max_rps', async () => {
    const { collectOf, clock } = setUp([ALICE, EVE]);
    const before = clock.now();

    await collectOf([ALICE, EVE]);

    // GetAccountSummary, ListUsers, ListAccessKeys twice, ListServiceSpecificCredentials, ListAccountAliases: five gaps of 100 ms.
    expect(clock.now() - before).toBe(500);
  });

  test('the signal ends it', async () => {
    const { api, collectOf, control } = setUp([ALICE]);
    api.faults.set('ListUsers', [throttled()]);
    control.abort(new Error('stopping'));

    await expect(collectOf([ALICE])).rejects.toThrow('stopping');
  });

  test('the account summary says how many rows there should be, the root included', async () => {
    const { api, collectOf } = setUp([]);
    const many = Array.from({ length: 40 }, (_, n) => ({ name: `u${n}`, created: MADE }));
    api.userCount = 40;
    const first = await collectOf(many);
    api.userCount = 1;

    const second = await collectOf([BOB], first, 41);

    expect(parsed(first).population).toBe(41);
    expect(parsed(second).population).toBe(2);
  });

  test('a table that is not whole is worth no further call', async () => {
    const { api, collectOf } = setUp([ALICE]);

    const report = await collectOf([ALICE, ALICE]);

    expect(report.parts).toHaveLength(1);
    expect(lists(api.calls)).toEqual([]);
  });

  test('the alias is asked for once', async () => {
    const { api, collectOf } = setUp([]);
    api.aliasName = 'example-prod';

    const first = await collectOf([]);
    const second = await collectOf([], first);

    expect([first.cloudName, second.cloudName]).toEqual(['example-prod', 'example-prod']);
    expect(api.calls.filter((call) => call === 'ListAccountAliases')).toHaveLength(1);
  });
});

function setUp(people: ReturnType<typeof scriptedIam>['people']) {
  const api = scriptedIam();
  api.people = people;
  const clock = hastyClock();
  const happenings: Happening[] = [];
  const control = new AbortController();
  const observe = (happening: Happening) => void happenings.push(happening);
  const desk = deskOf({ accountId: '123456789012', keyIds: true, maxRps: 10, clock, observe });
  let generatedAt = clock.now();

  async function collectOf(users: readonly ReportUser[], before?: RawReport, rows = 1): Promise<RawReport> {
    generatedAt += 4 * HOUR_MS;
    api.stored = [{ is: 'report', bytes: awsReport(users), generatedAt, requestId: undefined }];
    const head: ReportEntry | undefined = before && entryOf(before, rows);
    const step: Step = await collect(api, desk, {
      state: undefined,
      head,
      headParts: async (names) => new Map([...partsOf(before)].filter(([name]) => names.includes(name))),
      attempt: async () => memoryAttempt(clock.now()),
      everyMs: 4 * HOUR_MS,
      clock,
      signal: control.signal,
    });
    if (step.do !== 'keep') throw new Error(`expected a report, got ${step.do}`);
    return step.report;
  }
  return { api, clock, happenings, control, collectOf };
}

/** Time passes when somebody waits, and only then. */
function hastyClock(): Clock {
  let now = Date.UTC(2026, 10, 20, 9);
  return {
    now: () => now,
    delayUntil: (instant) => Math.max(0, instant - now),
    async sleepUntil(instant, signal) {
      signal.throwIfAborted();
      now = Math.max(now, instant);
    },
  };
}

function parsed(report: RawReport) {
  return atOnce(parseReport(partsOf(report)));
}

function partsOf(report: RawReport | undefined): Parts {
  return new Map((report?.parts ?? []).map((part) => [part.name, part.bytes]));
}

function lists(calls: readonly string[]): readonly string[] {
  return calls.filter((call) => call.startsWith('ListUsers') || call.startsWith('ListAccessKeys'));
}

function throttled(): Fault {
  return new Fault('throttled', 'account 123456789012: iam:ListAccessKeys was throttled (Throttling)');
}
