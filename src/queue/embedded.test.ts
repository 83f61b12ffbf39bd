import fc from 'fast-check';
import { expect, test } from 'vitest';
import { movableClock } from '../../test/kit/movable-clock.ts';
import { collectJob, DONE, deliverJob, queueContract } from '../../test/kit/queue-contract.ts';
import { until } from '../../test/kit/until.ts';
import { systemClock } from '../kit/clock.ts';
import { openEmbeddedQueue } from './embedded.ts';
import { exclusionKey } from './exclusion.ts';
import { type Job, jobId } from './queue.ts';

const CONCURRENCY = { plan: 1, collect: 4, deliver: 4 };

queueContract({
  name: 'embedded',
  open: async (observe) => openEmbeddedQueue({ clock: systemClock(), observe }),
});

test('one timer wakes the jobs in the order of their instants', async () => {
  const clock = movableClock();
  const queue = openEmbeddedQueue({ clock, observe: () => undefined });
  const seen: Job[] = [];
  await queue.work(async (job) => (seen.push(job), DONE), { ...CONCURRENCY, collect: 1 });

  for (const account of [3, 1, 2]) await queue.add(collectJob(account), clock.now() + account * 60_000);
  for (const account of [1, 2, 3]) {
    clock.move(60_000);
    await until(`account ${account}`, () => seen.length === account);
  }

  expect(seen).toEqual([collectJob(1), collectJob(2), collectJob(3)]);
  await queue.close(0);
});

test('jobs of one instant run in the order in which they were added', async () => {
  const clock = movableClock();
  const queue = openEmbeddedQueue({ clock, observe: () => undefined });
  const seen: Job[] = [];
  await queue.work(async (job) => (seen.push(job), DONE), { ...CONCURRENCY, collect: 1 });

  for (const account of [1, 2, 3, 4]) await queue.add(collectJob(account), clock.now() + 1_000);
  clock.move(1_000);
  await until('all', () => seen.length === 4);

  expect(seen).toEqual([1, 2, 3, 4].map((account) => collectJob(account)));
  await queue.close(0);
});

test('ten thousand delayed jobs are added and run in seconds', async () => {
  const clock = movableClock();
  const queue = openEmbeddedQueue({ clock, observe: () => undefined });
  let runs = 0;
  await queue.work(async () => ((runs += 1), DONE), CONCURRENCY);
  const began = performance.now();

  for (let account = 0; account < 10_000; account += 1) {
    await queue.add(collectJob(account), clock.now() + 1 + ((account * 7919) % 60_000));
  }
  clock.move(60_000);
  await until('all ran', () => runs === 10_000);

  expect(performance.now() - began).toBeLessThan(5_000);
  expect(await queue.stats()).toEqual({ ready: true, waiting: 0, delayed: 0, active: 0 });
  await queue.close(0);
});

test('a queue that closes leaves no timer behind', async () => {
  const queue = openEmbeddedQueue({ clock: systemClock(), observe: () => undefined });
  await queue.add(collectJob(1), systemClock().now() + 3_600_000);
  const before = process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

  await queue.close(0);

  expect(process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length).toBeLessThan(before);
});

test('whatever is added when, every job runs once, no key twice at a time, and no name beyond its slots', async () => {
  const job = fc.oneof(
    fc
      .record({ account: fc.integer({ min: 1, max: 3 }), due: fc.integer({ min: 1, max: 3 }) })
      .map(({ account, due }) => collectJob(account, `${due}`)),
    fc
      .record({ sink: fc.constantFrom('a', 'b'), upTo: fc.integer({ min: 1, max: 5 }) })
      .map(({ sink, upTo }) => deliverJob(sink, upTo)),
  );
  const added = fc.array(fc.tuple(job, fc.integer({ min: 0, max: 50 })), { maxLength: 40 });

  await fc.assert(
    fc.asyncProperty(added, fc.integer({ min: 1, max: 3 }), async (jobs, slots) => {
      const clock = movableClock();
      const queue = openEmbeddedQueue({ clock, observe: () => undefined });
      const inside: string[] = [];
      const ran: string[] = [];
      const broken: string[] = [];
      await queue.work(
        async (job) => {
          const key = exclusionKey(job);
          if (inside.includes(key)) broken.push(`twice at a time: ${key}`);
          inside.push(key);
          if (inside.filter((other) => other.startsWith(job.name)).length > slots) broken.push(`too many: ${job.name}`);
          await clock.sleepUntil(clock.now() + 7, new AbortController().signal);
          inside.splice(inside.indexOf(key), 1);
          ran.push(jobId(job));
          return DONE;
        },
        { plan: slots, collect: slots, deliver: slots },
      );

      for (const [job, delay] of jobs) await queue.add(job, clock.now() + delay);
      const ids = new Set(jobs.map(([job]) => jobId(job)));
      await until('all ran', async () => {
        for (let ms = 0; ms < 100; ms += 1) {
          clock.move(1);
          await Promise.resolve();
        }
        return ran.length >= ids.size;
      });

      expect(broken).toEqual([]);
      expect(ran.toSorted()).toEqual([...ids].toSorted());
      expect(await queue.stats()).toEqual({ ready: true, waiting: 0, delayed: 0, active: 0 });
      await queue.close(0);
    }),
    { numRuns: 15 },
  );
});
