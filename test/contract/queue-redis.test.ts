import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Happening } from '../../src/domain/happening.ts';
import { scaledClock, systemClock } from '../../src/kit/clock.ts';
import { Secret } from '../../src/kit/secret.ts';
import type { Handler, Job, Queue } from '../../src/queue/queue.ts';
import { openRedisQueue, type RedisQueueOptions } from '../../src/queue/redis.ts';
import { collectJob, DONE, deliverJob, gate, LANES, queueContract } from '../kit/queue-contract.ts';
import { type RedisServer, startRedis } from '../kit/redis-server.ts';
import { until } from '../kit/until.ts';

const MANY = { plan: 2, collect: 5, deliver: 5 };
const PASSWORD = 'canary-hunter2-canary';
const clock = systemClock();

let server: RedisServer;
let happenings: Happening[];
let opened: Queue[];

beforeAll(async () => {
  server = await startRedis({ password: PASSWORD });
});
afterAll(() => server.stop());
beforeEach(() => {
  happenings = [];
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map((queue) => queue.close(200)));
});

function options(deployment: string, more: Partial<RedisQueueOptions> = {}): RedisQueueOptions {
  return {
    connection: { kind: 'single', url: new Secret(server.url, '${env:REDIS_URL}') },
    deployment,
    lanes: LANES,
    clock,
    observe: (happening) => happenings.push(happening),
    ...more,
  };
}

async function open(deployment: string, more: Partial<RedisQueueOptions> = {}): Promise<Queue> {
  const queue = await openRedisQueue(options(deployment, more));
  opened.push(queue);
  return queue;
}

queueContract({ name: 'redis', open: (observe) => openRedisQueue(options(randomUUID(), { observe })) });

test('two workers share the load, and each job runs once', async () => {
  const deployment = randomUUID();
  const ran = [new Array<Job>(), new Array<Job>()];
  const [one, two] = [await open(deployment), await open(deployment)];
  const slow = (seen: Job[]): Handler => {
    return async (job, signal) => (seen.push(job), await clock.sleepUntil(clock.now() + 20, signal), DONE);
  };

  await one.work(slow(ran[0]!), MANY);
  await two.work(slow(ran[1]!), MANY);
  await Promise.all(Array.from({ length: 60 }, (_, account) => one.add(collectJob(account), clock.now())));
  await until('all ran', () => ran.flat().length >= 60);
  await until('all are forgotten', async () => (await one.stats()).active === 0);

  expect(new Set(ran.flat().map((job) => JSON.stringify(job))).size).toBe(60);
  expect(ran.flat()).toHaveLength(60);
  expect(ran[0]!.length).toBeGreaterThan(0);
  expect(ran[1]!.length).toBeGreaterThan(0);
});

test('a job that close interrupted is done by the next worker at once, and no attempt is spent', async () => {
  const deployment = randomUUID();
  const one = await open(deployment);
  let runs = false;
  await one.work(async (_job, signal) => {
    runs = true;
    await clock.sleepUntil(clock.now() + 3_600_000, signal);
    return DONE;
  }, MANY);
  await one.add(collectJob(1), clock.now());
  await until('it runs', () => runs);
  const two = await open(deployment);
  const seen: Job[] = [];
  await two.work(async (job) => (seen.push(job), DONE), MANY);
  const began = performance.now();

  await one.close(5_000);
  await until('the other one has it', () => seen.length === 1, 5_000);

  expect(performance.now() - began).toBeLessThan(5_000);
  expect(seen).toEqual([collectJob(1)]);
  expect(happenings.filter(({ kind }) => kind === 'fault')).toEqual([]);
});

test('a worker takes from its own lanes only; what nobody may do waits until somebody may', async () => {
  const deployment = randomUUID();
  const [aws, tencent] = [
    await open(deployment, { lanes: ['plan-collect-aws', 'collect-aws'] }),
    await open(deployment, { lanes: ['collect-tencent', 'deliver'] }),
  ];
  const [first, second] = [new Array<Job>(), new Array<Job>()];
  const job: Job = { name: 'collect', source: 'tencent/1/credential-report', due: 'now', attempt: 0 };
  const tick: Job = { name: 'plan', tick: 'now', scope: 'collect-aws' };
  await aws.work(async (one) => (first.push(one), DONE), MANY);

  for (const one of [job, collectJob(1), deliverJob('siem', 1), tick]) await aws.add(one, clock.now());
  await until('aws has done its own', () => first.length === 2);
  expect(await aws.stats()).toMatchObject({ waiting: 2 });
  await tencent.work(async (one) => (second.push(one), DONE), MANY);
  await until('the other has done the rest', () => second.length === 2);

  expect(new Set(first.map(({ name }) => name))).toEqual(new Set(['collect', 'plan']));
  expect(second).toContainEqual(job);
});

test('the lanes of one name share its limit', async () => {
  const queue = await open(randomUUID(), { lanes: ['collect-aws', 'collect-tencent'] });
  const hall = gate();
  await queue.work(hall.handler, { ...MANY, collect: 2 });

  for (const provider of ['aws', 'tencent'])
    for (const account of [1, 2, 3])
      await queue.add({ name: 'collect', source: `${provider}/${account}/x`, due: 'now', attempt: 0 }, clock.now());
  await until('all are taken', async () => (await queue.stats()).active >= 4);
  for (let done = 0; done < 6; done += 1) {
    await until('one is inside', () => hall.inside.length > 0);
    hall.letOneGo();
  }
  await until('all ran', () => hall.seen.length === 6);

  expect(hall.most()).toBe(2);
});

test('an installation does not see the jobs of another one on the same server', async () => {
  const [one, two] = [await open(randomUUID()), await open(randomUUID())];

  await one.add(collectJob(1), clock.now() + 60_000);

  expect((await one.stats()).delayed).toBe(1);
  expect((await two.stats()).delayed).toBe(0);
});

test('delays are given in our time and kept in real time', async () => {
  const fast = scaledClock(Date.UTC(2031, 0, 1), 3_600);
  const queue = await open(randomUUID(), { clock: fast });
  const ranAt: number[] = [];
  const at = fast.now() + 3_600_000;
  await queue.work(async (job) => {
    ranAt.push(fast.now());
    return ranAt.length === 1 ? { do: 'again', at: fast.now() + 3_600_000, job } : DONE;
  }, MANY);

  await queue.add(collectJob(1), at);
  await until('it ran an hour later, twice', () => ranAt.length === 2, 10_000);

  expect(ranAt[0]).toBeGreaterThanOrEqual(at - 3_600);
  expect(ranAt[1]! - ranAt[0]!).toBeGreaterThanOrEqual(3_600_000 - 3_600);
});

test('forged jobs are dropped with a warning that repeats nothing of them, and the others go on', async () => {
  const deployment = randomUUID();
  const queue = await open(deployment);
  const { Queue: Stored } = await import('bullmq');
  const intruder = new Redis(server.url, { maxRetriesPerRequest: null });
  const stored = new Stored('collect-aws', { connection: intruder, prefix: `{muster-${deployment}}` });
  const forged = [
    { name: 'collect', source: '../../etc/passwd', due: 'now', attempt: 0 },
    { name: 'collect', source: 'aws/1/credential-report', due: 'now', attempt: 0, endpoint: 'http://169.254.169.254' },
    { name: 'deliver', sink: 'siem', source: 'aws/1/credential-report', upTo: 1, attempt: 0 },
    { name: 'collect', source: 'aws/1/credential-report', due: 'now', attempt: 0, state: 'x'.repeat(70_000) },
    { name: 'collect', source: 'tencent/1/credential-report', due: 'now', attempt: 0 },
    'SECRETPAYLOAD',
  ];
  const seen: Job[] = [];

  for (const data of forged) await stored.add('\u001b[31mforged\n', data, { jobId: `evil\n${randomUUID()}` });
  await queue.add(collectJob(7), clock.now());
  await queue.work(async (job) => (seen.push(job), DONE), MANY);
  await until('all are gone', async () => {
    const { waiting, active } = await queue.stats();
    return seen.length > 0 && waiting + active === 0;
  });

  expect(seen).toEqual([collectJob(7)]);
  expect(happenings.filter(({ kind }) => kind === 'warning')).toHaveLength(forged.length);
  expect(JSON.stringify(happenings)).not.toMatch(/passwd|169\.254|SECRETPAYLOAD|xxxx|\\n|\\u001b/);
  await stored.close();
  intruder.disconnect();
});

test('nothing in redis holds a secret, a payload or what a handler said when it failed', async () => {
  const deployment = randomUUID();
  const queue = await open(deployment);
  await queue.work(async () => {
    throw new Error(`row of prod: PAYLOAD-CANARY, token=${PASSWORD}`);
  }, MANY);
  for (let account = 1; account <= 20; account += 1) await queue.add(collectJob(account), clock.now());
  await until('all failed', () => happenings.length === 20);
  await until('all are forgotten', async () => (await queue.stats()).active === 0);
  await queue.add(deliverJob('siem', 1), clock.now() + 60_000);

  const intruder = new Redis(server.url);
  const everything: string[] = [];
  const keys = await intruder.keys('*');
  for (const key of keys) everything.push(key, (await intruder.dumpBuffer(key))?.toString('latin1') ?? '');
  const failed = keys.filter((key) => key.includes(deployment) && /:(?:failed|completed)$/.test(key));
  intruder.disconnect();

  expect(everything.join('\n')).toContain('siem');
  expect(everything.join('\n')).not.toMatch(/PAYLOAD-CANARY|canary-hunter2|row of prod/);
  expect(failed).toEqual([]);
  expect(JSON.stringify(happenings)).not.toContain(PASSWORD);
});

test('FLUSHALL under a live worker: what was added is forgotten, what is added later runs', async () => {
  const queue = await open(randomUUID());
  const hall = gate();
  await queue.work(hall.handler, MANY);
  await queue.add(collectJob(1), clock.now());
  await queue.add(collectJob(2), clock.now() + 60_000);
  await until('it runs', () => hall.inside.length === 1);

  await server.cli('flushall');
  hall.letGo();
  await queue.add(collectJob(2), clock.now());
  await until('the one added later runs', () => hall.seen.length === 2);
  hall.letGo();
  await until('it is forgotten', async () => (await queue.stats()).active === 0);

  expect(await queue.stats()).toEqual({ ready: true, waiting: 0, delayed: 0, active: 0 });
  expect(hall.seen).toEqual([collectJob(1), collectJob(2)]);
});

test('ten thousand adds at once are taken in seconds', async () => {
  const queue = await open(randomUUID());
  const began = performance.now();

  await Promise.all(
    Array.from({ length: 10_000 }, (_, account) => queue.add(collectJob(account), clock.now() + 60_000)),
  );

  expect((await queue.stats()).delayed).toBe(10_000);
  expect(performance.now() - began).toBeLessThan(15_000);
});
