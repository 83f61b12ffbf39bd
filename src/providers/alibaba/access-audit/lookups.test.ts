import { expect, test } from 'vitest';
import { memoryAttempt } from '../../../../test/kit/memory-attempt.ts';
import { movableClock } from '../../../../test/kit/movable-clock.ts';
import { formatInstant, type Instant } from '../../../domain/instant.ts';
import { pagesOf } from '../../../kit/attempt-pages.ts';
import type { Work } from '../audit/desk.ts';
import type { LookUpAsk, TrailApi } from '../trail-api.ts';
import { type LookedUp, lookUp } from './lookups.ts';

const DAY_MS = 86_400_000;

test('ranges are 30 days at most, overlap by a second, and end where it began', async () => {
  const asked: LookUpAsk[] = [];
  const work = workAt();
  const from = work.startedAt - 70 * DAY_MS;

  const found = await lookUp({ name: 't', user: 'ann', from, mostAnswers: 100 }, trail(asked, []), work);

  expect(asked.map(({ from: start, to }) => Math.round((to - start) / DAY_MS))).toEqual([30, 30, 10]);
  expect(asked[1]!.to - asked[0]!.from).toBe(1_000);
  expect(asked.at(-1)!.from).toBe(from);
  expect(found).toMatchObject({ isAll: true, since: from });
});

test('more events than may be read: the newest are told, and from when on they are whole', async () => {
  const work = workAt();
  const times = Array.from({ length: 5_000 }, (_, index) => work.startedAt - index * 60_000);

  const found = await lookUp({ name: 't', user: undefined, from: 0, mostAnswers: 30 }, trail([], times), work);

  expect(found).toMatchObject({ isAll: false, answers: 30 });
  expect(wholeOf(found).since).toBeLessThanOrEqual(times[30 * 50 - 60]!);
  expect(wholeOf(found).since).toBeGreaterThan(times[30 * 50 + 1]!);
});

test('a second with more events than fit a page is read on by its token', async () => {
  const work = workAt();
  const times = Array.from({ length: 3_000 }, () => work.startedAt - 5_000);

  const found = await lookUp(
    { name: 't', user: undefined, from: work.startedAt - DAY_MS, mostAnswers: 1_000 },
    trail([], times),
    work,
  );

  expect(found).toMatchObject({ isAll: true });
});

test('sessions are told of their role, and who is nobody we know is passed over', async () => {
  const work = workAt();
  const at = formatInstant(work.startedAt - 1_000);
  const event = (type: string | undefined, userName: string) => ({
    eventName: 'RunInstances',
    eventTime: at,
    serviceName: 'Ecs',
    acsRegion: 'cn-hangzhou',
    userIdentity: { type, userName },
  });
  const Events = [event('assumed-role', 'deployer:run-7'), event('root-account', 'root'), event(undefined, 'x')];
  const api = { lookUp: async () => ({ Events, NextToken: undefined }) } as unknown as TrailApi; // no more is asked

  const found = await lookUp({ name: 't', user: undefined, from: work.startedAt - DAY_MS, mostAnswers: 9 }, api, work);

  expect(Object.keys(wholeOf(found).by)).toEqual(['role:deployer']);
  expect(wholeOf(found).by['role:deployer']?.['ecs']?.actions['RunInstances']?.region).toBe('cn-hangzhou');
});

function wholeOf(found: LookedUp | 'unfinished') {
  if (found === 'unfinished' || 'refused' in found) throw new Error('not looked up');
  return found;
}

function workAt(): Work {
  const clock = movableClock();
  const startedAt = clock.now();
  return {
    startedAt,
    clock,
    signal: new AbortController().signal,
    pages: pagesOf(memoryAttempt(startedAt), new Map(), '1'),
    shift: { isOver: () => false },
    denied: new Map(),
    ask: (_: string, call: () => Promise<unknown>) => call(),
  } as unknown as Work; // as much of it as looking up needs
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
