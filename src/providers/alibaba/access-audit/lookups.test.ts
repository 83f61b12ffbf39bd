import { expect, test } from 'vitest';
import { inAJournal } from '../../../../test/kit/in-a-journal.ts';
import { memoryAttempt } from '../../../../test/kit/memory-attempt.ts';
import { movableClock } from '../../../../test/kit/movable-clock.ts';
import type { Attempt } from '../../../domain/attempt.ts';
import { formatInstant, type Instant } from '../../../domain/instant.ts';
import type { Work } from '../audit/desk.ts';
import type { LookUpAsk, TrailApi } from '../trail-api.ts';
import { type LookedUp, type LookUp, lookUp } from './lookups.ts';

const DAY_MS = 86_400_000;

test('ranges are 30 days at most, overlap by a second, and end where it began', async () => {
  const asked: LookUpAsk[] = [];
  const attempt = memoryAttempt(movableClock().now());
  const from = attempt.startedAt - 70 * DAY_MS;

  const found = await lookedUp({ name: 't', user: 'ann', from, mostAnswers: 100 }, trail(asked, []), attempt);

  expect(asked.map(({ from: start, to }) => Math.round((to - start) / DAY_MS))).toEqual([30, 30, 10]);
  expect(asked[1]!.to - asked[0]!.from).toBe(1_000);
  expect(asked.at(-1)!.from).toBe(from);
  expect(found).toMatchObject({ isAll: true, since: from });
});

test('more events than may be read: the newest are told, and from when on they are whole', async () => {
  const attempt = memoryAttempt(movableClock().now());
  const times = Array.from({ length: 5_000 }, (_, index) => attempt.startedAt - index * 60_000);

  const found = await lookedUp({ name: 't', user: undefined, from: 0, mostAnswers: 30 }, trail([], times), attempt);

  expect(found).toMatchObject({ isAll: false, answers: 30 });
  expect(wholeOf(found).since).toBeLessThanOrEqual(times[30 * 50 - 60]!);
  expect(wholeOf(found).since).toBeGreaterThan(times[30 * 50 + 1]!);
});

test('a second with more events than fit a page is read on by its token', async () => {
  const attempt = memoryAttempt(movableClock().now());
  const times = Array.from({ length: 3_000 }, () => attempt.startedAt - 5_000);

  const found = await lookedUp(
    { name: 't', user: undefined, from: attempt.startedAt - DAY_MS, mostAnswers: 1_000 },
    trail([], times),
    attempt,
  );

  expect(found).toMatchObject({ isAll: true });
});

test('taken up by another process it goes on by time, tells the same, and asks for hardly more', async () => {
  const attempt = memoryAttempt(movableClock().now());
  const times = Array.from({ length: 700 }, (_, index) => attempt.startedAt - index * 20_000);
  const look = { name: 't', user: 'ann', from: attempt.startedAt - 20 * DAY_MS, mostAnswers: 1_000 };
  const least: LookUpAsk[] = [];
  const whole = await lookedUp(look, trail(least, times), memoryAttempt(attempt.startedAt));
  const asked: LookUpAsk[] = [];
  const api = trail(asked, times);

  const first = await lookedUp(look, api, attempt, () => asked.length >= 5);
  const resumed = await lookedUp(look, api, attempt);

  expect(first).toBe('unfinished');
  expect(wholeOf(resumed).by).toEqual(wholeOf(whole).by);
  expect(asked[5]).toMatchObject({ token: undefined });
  expect(asked.length).toBeLessThanOrEqual(least.length + 1);
});

test('sessions are told of their role, and who is nobody we know is passed over', async () => {
  const attempt = memoryAttempt(movableClock().now());
  const at = formatInstant(attempt.startedAt - 1_000);
  const event = (type: string | undefined, userName: string) => ({
    eventName: 'RunInstances',
    eventTime: at,
    serviceName: 'Ecs',
    acsRegion: 'cn-hangzhou',
    userIdentity: { type, userName },
  });
  const Events = [event('assumed-role', 'deployer:run-7'), event('root-account', 'root'), event(undefined, 'x')];
  const api = { lookUp: async () => ({ Events, NextToken: undefined }) } as unknown as TrailApi; // no more is asked

  const found = await lookedUp(
    { name: 't', user: undefined, from: attempt.startedAt - DAY_MS, mostAnswers: 9 },
    api,
    attempt,
  );

  expect(Object.keys(wholeOf(found).by)).toEqual(['role:deployer']);
  expect(wholeOf(found).by['role:deployer']?.['ecs']?.actions['RunInstances']?.region).toBe('cn-hangzhou');
});

function wholeOf(found: LookedUp | 'unfinished') {
  if (found === 'unfinished' || 'refused' in found) throw new Error('not looked up');
  return found;
}

/** As a process of its own. */
function lookedUp(look: LookUp, api: TrailApi, attempt: Attempt, isOver = () => false) {
  const clock = movableClock();
  return inAJournal(attempt, (pages) => {
    const work = {
      startedAt: attempt.startedAt,
      clock,
      signal: new AbortController().signal,
      pages,
      shift: { isOver },
      denied: new Map(),
      ask: (_: string, call: () => Promise<unknown>) => call(),
    };
    return lookUp(look, api, work as unknown as Work); // as much of it as looking up needs
  });
}

/** Events at these times, 50 a page; a token says where the next page begins. */
function trail(asked: LookUpAsk[], times: readonly Instant[]): TrailApi {
  const api = {
    async lookUp(ask: LookUpAsk) {
      asked.push(ask);
      const rows = times.filter((at) => at >= ask.from && at <= ask.to);
      const start = Number(ask.token ?? 0);
      const Events = rows.slice(start, start + 50).map((at) => ({
        eventName: 'E',
        eventTime: formatInstant(at),
        serviceName: 'Ecs',
        userIdentity: { type: 'ram-user', userName: 'ann' },
      }));
      return { Events, NextToken: start + 50 < rows.length ? String(start + 50) : undefined };
    },
  };
  return api as unknown as TrailApi; // no more is asked
}
