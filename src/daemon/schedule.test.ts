import { expect, test } from 'vitest';
import { movableClock } from '../../test/kit/movable-clock.ts';
import type { Happening } from '../domain/happening.ts';
import type { Job } from '../queue/queue.ts';
import { startSchedule, type Ticker, tickMs } from './schedule.ts';

const MINUTE = 60_000;

function bench(enqueue?: (job: Job) => Promise<void>) {
  const clock = movableClock();
  const jobs: Job[] = [];
  const happenings: Happening[] = [];
  const made = {
    monotonic: 0,
    tolerance: 0,
    stopped: 0,
    tick: (_slot: number) => {},
    missed: () => {},
    look: () => {},
  };
  const ticker: Ticker = {
    cron: async (_tick, toleranceMs, onTick, onMissed) => {
      Object.assign(made, { tolerance: toleranceMs, tick: onTick, missed: onMissed });
      return () => void (made.stopped += 1);
    },
    monotonicMs: () => made.monotonic,
    every: (_ms, look) => {
      made.look = look;
      return () => void (made.stopped += 1);
    },
  };
  const add = enqueue ?? (async (job: Job) => void jobs.push(job));
  const start = () => startSchedule('*/10 * * * *', clock, (one) => happenings.push(one), add, ticker);
  return { clock, jobs, happenings, made, start };
}

test('a plan is made at start, and one for each tick, named after its slot', async () => {
  const { made, jobs, start } = bench();
  await start();

  made.tick(Date.UTC(2026, 10, 20, 9, 10));

  expect(jobs.map(({ name }) => name)).toEqual(['plan', 'plan']);
  expect(jobs[1]).toEqual({ name: 'plan', tick: '2026-11-20T09:10:00Z' });
});

test('a tick that a blocked loop missed is planned all the same, and small delays are no miss', async () => {
  const { made, jobs, start } = bench();
  await start();

  made.missed();

  expect(jobs).toHaveLength(2);
  expect(made.tolerance).toBe(5 * MINUTE);
});

test('while the wall clock stands still or runs back, the monotonic timer plans after two intervals', async () => {
  const { made, jobs, start } = bench();
  await start();

  made.monotonic = 20 * MINUTE;
  made.look();
  expect(jobs).toHaveLength(1);
  made.monotonic = 21 * MINUTE;
  made.look();
  made.look();

  expect(jobs).toHaveLength(2);
  expect(jobs[1]).toMatchObject({ tick: expect.stringMatching(/^overdue-/) });
});

test('ticks that come keep the monotonic timer quiet', async () => {
  const { made, jobs, start } = bench();
  await start();

  for (made.monotonic = MINUTE; made.monotonic < 60 * MINUTE; made.monotonic += MINUTE) {
    if (made.monotonic % (10 * MINUTE) === 0) made.tick(made.monotonic);
    made.look();
  }

  expect(jobs.filter((job) => job.name === 'plan' && job.tick.startsWith('overdue'))).toEqual([]);
});

test('a tick that cannot be queued is a warning, and the next one is tried', async () => {
  const { made, happenings, start } = bench(async () => {
    throw new Error('Redis is gone');
  });
  await start();
  made.tick(0);

  await Promise.resolve();

  expect(happenings).toContainEqual({ kind: 'warning', message: 'a tick could not be queued: Redis is gone' });
});

test('stopping stops both', async () => {
  const { made, start } = bench();

  await (await start()).stop();

  expect(made.stopped).toBe(2);
});

test.each([
  ['*/10 * * * *', 10 * MINUTE],
  ['0 * * * *', 60 * MINUTE],
  ['*/5 9-17 * * *', 15 * 60 * MINUTE + 5 * MINUTE],
])('the longest gap between the ticks of %s is known', (tick, gap) => {
  expect(tickMs(tick)).toBe(gap);
});
