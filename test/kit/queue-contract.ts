import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Happening } from '../../src/domain/happening.ts';
import { systemClock } from '../../src/kit/clock.ts';
import type { Handler, Job, JobName, Outcome, Queue } from '../../src/queue/queue.ts';
import { until } from './until.ts';

export interface QueueUnderTest {
  readonly name: string;
  /** A new queue with a room of its own. It runs on the machine's clock. */
  open(observe: (happening: Happening) => void): Promise<Queue>;
}

export const DONE: Outcome = { do: 'done' };
/** What a process works on that does everything, in a world with one cloud. */
export const LANES = ['plan', 'collect-aws', 'deliver'];
const ONE_OF_EACH: Record<JobName, number> = { plan: 1, collect: 1, deliver: 1 };
const MANY: Record<JobName, number> = { plan: 5, collect: 5, deliver: 5 };

export function collectJob(account: number, due = 'now'): Job {
  return { name: 'collect', source: `aws/${account}/credential-report`, due, attempt: 0 };
}

export function deliverJob(sink: string, upTo: number): Job {
  return { name: 'deliver', sink, source: 'aws/1/credential-report', upTo, attempt: 0 };
}

/** A handler that stays until it is let go, and counts how many of it stay at once. */
export function gate() {
  const inside: Job[] = [];
  const seen: Job[] = [];
  let most = 0;
  const doors: (() => void)[] = [];
  const handler: Handler = async (job) => {
    inside.push(job);
    seen.push(job);
    most = Math.max(most, inside.length);
    await new Promise<void>((resolve) => doors.push(resolve));
    inside.splice(inside.indexOf(job), 1);
    return DONE;
  };
  return {
    handler,
    inside,
    seen,
    most: () => most,
    letOneGo: () => doors.shift()?.(),
    letGo: () => {
      for (const open of doors.splice(0)) open();
    },
  };
}

/** What every engine promises. */
export function queueContract(engine: QueueUnderTest): void {
  describe(`the queue contract: ${engine.name}`, () => {
    const clock = systemClock();
    let happenings: Happening[];
    let queue: Queue;

    beforeEach(async () => {
      happenings = [];
      queue = await engine.open((happening) => happenings.push(happening));
    });

    afterEach(() => queue.close(500));

    test('a job added a hundred times at once runs once', async () => {
      const seen: Job[] = [];

      await Promise.all(Array.from({ length: 100 }, () => queue.add(collectJob(1), clock.now() + 100)));
      await queue.work(async (job) => (seen.push(job), DONE), MANY);
      await until('it ran', () => seen.length > 0);
      await queue.add(collectJob(2), clock.now() + 200);
      await until('the next one ran', () => seen.length > 1);

      expect(seen).toEqual([collectJob(1), collectJob(2)]);
    });

    test('a job that ended can be added again at once', async () => {
      const seen: Job[] = [];
      await queue.work(async (job) => (seen.push(job), DONE), MANY);

      for (const runs of [1, 2, 3]) {
        await queue.add(collectJob(1), clock.now());
        await until(`run ${runs}`, () => seen.length === runs);
        await until('it is forgotten', async () => (await queue.stats()).active === 0);
      }
    });

    test('a job waits for its instant, and those that are due do not wait for it', async () => {
      const ranAt = new Map<string, number>();
      const at = clock.now() + 700;

      await queue.add(collectJob(1), at);
      await queue.add(collectJob(1), clock.now()); // it waits already: it stays as it is
      await queue.add(collectJob(2), clock.now());
      await queue.work(async (job) => (ranAt.set(job.name === 'collect' ? job.source : '', clock.now()), DONE), MANY);
      await until('both ran', () => ranAt.size === 2);

      expect(ranAt.get('aws/1/credential-report')).toBeGreaterThanOrEqual(at);
      expect(ranAt.get('aws/1/credential-report')).toBeLessThan(at + 2_000);
      expect(ranAt.get('aws/2/credential-report')).toBeLessThan(at);
    });

    test('`again` keeps the content and holds no slot: three jobs interleave on one', async () => {
      const seen: string[] = [];
      const handler: Handler = async (job) => {
        if (job.name !== 'collect') return DONE;
        seen.push(`${job.source.split('/')[1]}:${job.attempt}:${JSON.stringify(job.state ?? null)}`);
        if (job.attempt === 2) return DONE;
        return { do: 'again', at: clock.now() + 400, job: { ...job, attempt: job.attempt + 1, state: { polls: 1 } } };
      };

      for (const account of [1, 2, 3]) await queue.add(collectJob(account), clock.now());
      await queue.work(handler, ONE_OF_EACH);
      await until('all nine steps', () => seen.length === 9);

      expect(seen.slice(0, 3).sort()).toEqual(['1:0:null', '2:0:null', '3:0:null']);
      expect(seen.slice(3, 6).sort()).toEqual(['1:1:{"polls":1}', '2:1:{"polls":1}', '3:1:{"polls":1}']);
      expect(seen.slice(6).sort()).toEqual(['1:2:{"polls":1}', '2:2:{"polls":1}', '3:2:{"polls":1}']);
      await until('all are forgotten', async () => {
        const { waiting, delayed, active } = await queue.stats();
        return waiting + delayed + active === 0;
      });
      expect(happenings.filter(({ kind }) => kind === 'fault')).toEqual([]);
    });

    test('a job that waits by `again` is not added a second time', async () => {
      let runs = 0;
      await queue.work(async (job) => {
        runs += 1;
        return runs === 1 ? { do: 'again', at: clock.now() + 400, job } : DONE;
      }, MANY);

      await queue.add(collectJob(1), clock.now());
      await until('it waits', async () => (await queue.stats()).delayed === 1);
      await queue.add(collectJob(1), clock.now());
      await until('it ran again', () => runs === 2);
      await until('it is forgotten', async () => (await queue.stats()).active === 0);

      expect(await queue.stats()).toEqual({ ready: true, waiting: 0, delayed: 0, active: 0 });
      expect(runs).toBe(2);
    });

    test('a handler that throws is reported without its payload, and its job can be added again at once', async () => {
      let runs = 0;
      await queue.work(async () => {
        runs += 1;
        if (runs === 1) JSON.parse('"AKIAIOSFODNN7EXAMPLE and more');
        return DONE;
      }, MANY);

      await queue.add(collectJob(1), clock.now());
      await until('it is reported', () => happenings.length > 0);
      await until('it is forgotten', async () => (await queue.stats()).active === 0);
      await queue.add(collectJob(1), clock.now());
      await until('it ran again', () => runs === 2);

      expect(happenings).toHaveLength(1);
      expect(happenings[0]).toMatchObject({
        kind: 'fault',
        job: 'collect',
        subject: 'aws/1/credential-report',
        fault: 'bug',
        message: expect.stringMatching(/^SyntaxError: /) as string,
      });
      expect(JSON.stringify(happenings)).not.toContain('AKIA');
    });

    test('two jobs of one key never run side by side; the second waits without a slot', async () => {
      const hall = gate();
      for (const upTo of [1, 2]) await queue.add(deliverJob('slow', upTo), clock.now());
      await queue.add(deliverJob('fast', 1), clock.now() + 50);

      await queue.work(hall.handler, { ...MANY, deliver: 2 });
      await until('both sinks are at work', () => hall.inside.length === 2);

      expect(hall.inside.map((job) => (job.name === 'deliver' ? job.sink : '')).sort()).toEqual(['fast', 'slow']);
      hall.letGo();
      await until('the second one of the key', () => hall.seen.length === 3);
      hall.letGo();
      expect(hall.seen.filter((job) => job.name === 'deliver' && job.sink === 'slow')).toHaveLength(2);
    });

    test('no more jobs of a name run than it may, and one name does not take the slots of another', async () => {
      const hall = gate();
      for (let account = 1; account <= 6; account += 1) await queue.add(collectJob(account), clock.now());
      await queue.add(deliverJob('siem', 1), clock.now());
      await queue.add({ name: 'plan', tick: '2026-11-20T09:00:00Z' }, clock.now());

      await queue.work(hall.handler, { plan: 1, collect: 2, deliver: 1 });
      await until('four are at work', () => hall.inside.length === 4);

      expect(hall.inside.map((job) => job.name).sort()).toEqual(['collect', 'collect', 'deliver', 'plan']);
      expect(await queue.stats()).toEqual({ ready: true, waiting: 4, delayed: 0, active: 4 });
      while (hall.seen.length < 8) {
        hall.letGo();
        await until('the next are in', () => hall.inside.length > 0);
      }
      expect(hall.most()).toBe(4);
      hall.letGo();
    });

    test('close aborts the signal of a handler, and comes back when the handler does', async () => {
      let reason: unknown;
      let runs = false;
      await queue.work(async (_job, signal) => {
        runs = true;
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        reason = signal.reason;
        throw signal.reason;
      }, MANY);
      await queue.add(collectJob(1), clock.now());
      await until('it runs', () => runs);
      const began = performance.now();

      await queue.close(10_000);

      expect(performance.now() - began).toBeLessThan(5_000);
      expect(reason).toBeInstanceOf(Error);
      expect(happenings.filter(({ kind }) => kind === 'fault')).toEqual([]);
    });

    test('close does not hang on a handler that does not listen', async () => {
      const hall = gate();
      await queue.work(hall.handler, MANY);
      await queue.add(collectJob(1), clock.now());
      await until('it runs', () => hall.inside.length === 1);
      const began = performance.now();

      await queue.close(300);

      expect(performance.now() - began).toBeGreaterThanOrEqual(290);
      expect(performance.now() - began).toBeLessThan(5_000);
      hall.letGo();
    });

    test('a closed queue takes nothing', async () => {
      await queue.close(100);

      await expect(queue.add(collectJob(1), clock.now())).rejects.toMatchObject({ kind: 'unreachable' });
    });
  });
}
