import { describe, expect, test } from 'vitest';
import { awsReport, entryOf } from '../../../../test/kit/aws-report.ts';
import { memoryAttempt } from '../../../../test/kit/memory-attempt.ts';
import { movableClock } from '../../../../test/kit/movable-clock.ts';
import { type ScriptedIam, scriptedIam } from '../../../../test/kit/scripted-iam.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Look } from '../../provider.ts';
import type { StoredReport } from '../api.ts';
import { collect } from './collect.ts';
import { deskOf } from './desk.ts';

const HOUR_MS = 3_600_000;
const BYTES = awsReport([{ name: 'alice', created: '2026-01-01T00:00:00Z' }]);

describe('collect, without a head', () => {
  test('takes the stored report when it is fresh', async () => {
    const { api, step, now } = setUp();
    api.stored = [reportOf(now - HOUR_MS)];

    const taken = await step();

    expect(taken).toMatchObject({ do: 'keep', report: { generatedAt: now - HOUR_MS, origin: 'provider' } });
    expect(api.calls).toEqual(['GetCredentialReport', 'GetAccountSummary', 'ListAccountAliases']);
  });

  test.each([
    ['is older than the cadence', (now: Instant) => reportOf(now - 5 * HOUR_MS)],
    ['is not there', () => ({ is: 'not-present' }) as const],
    ['has expired', () => ({ is: 'expired' }) as const],
  ])('asks for a new one when the stored one %s', async (_, stored) => {
    const { api, step, now } = setUp();
    api.stored = [stored(now)];
    api.states = ['STARTED'];

    const taken = await step();

    expect(taken).toMatchObject({ do: 'wait', until: now + 2_000 });
    expect(api.calls).toEqual(['GetCredentialReport', 'GenerateCredentialReport']);
  });

  test('waits, without asking twice, when one is being made', async () => {
    const { api, step } = setUp();
    api.stored = [{ is: 'not-ready' }];

    expect(await step()).toMatchObject({ do: 'wait' });
    expect(api.calls).toEqual(['GetCredentialReport']);
  });
});

describe('collect, when a report is due', () => {
  test('needs three calls where the cloud is quick', async () => {
    const { api, step, now, head } = setUp();
    api.states = ['STARTED', 'COMPLETE'];
    api.stored = [reportOf(now)];

    const wait = await step({ head: head(now - 4 * HOUR_MS) });
    const kept = await step({ head: head(now - 4 * HOUR_MS), state: stateOf(wait) });

    expect(kept).toMatchObject({ do: 'keep', report: { generatedAt: now, requestIds: ['generate-2', 'get'] } });
    expect(api.calls.filter((call) => call.includes('CredentialReport'))).toEqual([
      'GenerateCredentialReport',
      'GenerateCredentialReport',
      'GetCredentialReport',
    ]);
  });

  test('waits longer and longer, up to half a minute', async () => {
    const { api, step, now, head } = setUp();
    api.states = ['STARTED', 'INPROGRESS'];

    const delays: number[] = [];
    let state: unknown;
    for (let poll = 0; poll < 7; poll += 1) {
      const wait = await step({ head: head(now - 4 * HOUR_MS), state });
      if (wait.do === 'wait') delays.push(wait.until - now);
      state = stateOf(wait);
    }

    expect(delays).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  test.each([0, 60_000])(
    'says that nothing is new when the cloud still has the head, or %i ms older',
    async (older) => {
      const { api, step, now, head } = setUp();
      api.stored = [reportOf(now - 4 * HOUR_MS - older)];

      const taken = await step({ head: head(now - 4 * HOUR_MS) });

      expect(taken).toEqual({
        do: 'unchanged',
        generatedAt: now - 4 * HOUR_MS - older,
        nextAt: now + 5 * 60_000,
      });
    },
  );

  test('looks again when the report is due, when it was asked early', async () => {
    const { api, step, now, head } = setUp();
    api.stored = [reportOf(now - HOUR_MS)];

    expect(await step({ head: head(now - HOUR_MS) })).toMatchObject({ do: 'unchanged', nextAt: now + 3 * HOUR_MS });
  });

  test('begins again when the finished report is gone, but not for ever', async () => {
    const { api, step, now, head } = setUp();
    api.stored = [{ is: 'expired' }];

    let state: unknown;
    for (let round = 0; round < 5; round += 1) {
      const wait = await step({ head: head(now - 4 * HOUR_MS), state });
      expect(wait).toMatchObject({ do: 'wait' });
      state = stateOf(wait);
    }

    await expect(step({ head: head(now - 4 * HOUR_MS), state })).rejects.toMatchObject({ kind: 'unreachable' });
  });

  describe('after an hour of waiting', () => {
    test('complains while AWS is still at it, and goes on asking', async () => {
      const { api, step, now, head } = setUp();
      const state = { step: 'generating', since: now - HOUR_MS - 1, polls: 9, gone: 0 };
      api.states = ['INPROGRESS'];

      await expect(step({ head: head(now - 4 * HOUR_MS), state })).rejects.toMatchObject({ kind: 'unreachable' });
      expect(api.calls).toEqual(['GenerateCredentialReport']);
    });

    test('takes the report that was finished while the job slept in the queue', async () => {
      const { api, step, now, head } = setUp();
      const state = { step: 'generating', since: now - 3 * HOUR_MS, polls: 1, gone: 0 };
      api.stored = [reportOf(now - 3 * HOUR_MS)];

      expect(await step({ head: head(now - 7 * HOUR_MS), state })).toMatchObject({ do: 'keep' });
    });
  });

  test.each([
    ['garbage'],
    [{ step: 'generating', since: 8e15, polls: 0, gone: 0 }],
    [{ step: 'generating', since: 1, polls: -1, gone: 0 }],
    [{ step: 'done' }],
  ])('begins anew when what the queue kept is %j', async (state) => {
    const { api, step, now, head } = setUp();
    api.states = ['STARTED'];

    expect(await step({ head: head(now - 4 * HOUR_MS), state })).toMatchObject({ do: 'wait', state: { polls: 1 } });
  });
});

function setUp() {
  const api: ScriptedIam = scriptedIam();
  const clock = movableClock();
  const made = deskOf({ accountId: '123456789012', keyIds: false, maxRps: 10, clock, observe: () => undefined });
  const desk = { ...made, pace: async () => undefined };
  const step = (look: Partial<Look> = {}) =>
    collect(api, desk, {
      state: undefined,
      head: undefined,
      headParts: async () => new Map(),
      attempt: async () => memoryAttempt(clock.now()),
      everyMs: 4 * HOUR_MS,
      clock,
      signal: new AbortController().signal,
      ...look,
    });
  return { api, clock, now: clock.now(), step, head: headAt };
}

function headAt(generatedAt: Instant) {
  const report = { generatedAt, collectedAt: generatedAt, origin: 'provider', parts: [], requestIds: [] } as const;
  return entryOf({ ...report, notVisible: [] }, 2);
}

function reportOf(generatedAt: Instant): StoredReport {
  return { is: 'report', bytes: BYTES, generatedAt, requestId: 'get' };
}

function stateOf(step: { readonly do: string; readonly state?: unknown }): unknown {
  return JSON.parse(JSON.stringify(step.state));
}
