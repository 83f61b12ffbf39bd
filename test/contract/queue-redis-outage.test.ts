import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Happening } from '../../src/domain/happening.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { Secret } from '../../src/kit/secret.ts';
import type { Job, Queue } from '../../src/queue/queue.ts';
import { openRedisQueue, type RedisQueueOptions } from '../../src/queue/redis.ts';
import { freePort } from '../kit/free-port.ts';
import { collectJob, DONE, gate, LANES } from '../kit/queue-contract.ts';
import { type RedisServer, type RedisServerOptions, startRedis } from '../kit/redis-server.ts';
import { until } from '../kit/until.ts';

const MANY = { plan: 2, collect: 5, deliver: 5 };
const WORKER = fileURLToPath(new URL('../kit/queue-worker.ts', import.meta.url));
const clock = systemClock();

let happenings: Happening[];
let closers: (() => Promise<void>)[];

beforeEach(() => {
  happenings = [];
  closers = [];
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
});

async function redis(options?: RedisServerOptions): Promise<RedisServer> {
  const server = await startRedis(options);
  closers.push(() => server.stop());
  return server;
}

async function open(url: string, more: Partial<RedisQueueOptions> = {}): Promise<Queue> {
  const queue = await openRedisQueue({
    connection: { kind: 'single', url: new Secret(url, '${env:REDIS_URL}') },
    deployment: 'test',
    lanes: LANES,
    clock,
    observe: (happening) => happenings.push(happening),
    ...more,
  });
  closers.push(() => queue.close(200));
  return queue;
}

function warnings(): string[] {
  return happenings.flatMap((happening) => (happening.kind === 'warning' ? [happening.message] : []));
}

test('redis is killed and comes back: adds fail at once meanwhile, then waiting and delayed jobs run', async () => {
  const server = await redis();
  const queue = await open(server.url);
  const seen: Job[] = [];
  await queue.work(async (job) => (seen.push(job), DONE), MANY);
  await queue.add(collectJob(1), clock.now() + 1_500);

  await server.kill('SIGKILL');
  const began = performance.now();
  await expect(queue.add(collectJob(2), clock.now())).rejects.toMatchObject({
    kind: 'unreachable',
    message: expect.stringContaining(`127.0.0.1:${server.port}`) as string,
  });
  expect(performance.now() - began).toBeLessThan(1_000);
  expect((await queue.stats()).ready).toBe(false);
  // Longer than a blocking read lasts: older versions of BullMQ never woke up again.
  await until('the blocking read has ended', () => performance.now() - began > 7_000);
  await server.restart();
  await until('the delayed job ran', () => seen.length === 1, 10_000);
  await until('it takes jobs again', async () => (await queue.stats()).ready);
  await queue.add(collectJob(2), clock.now());
  await until('the new job ran', () => seen.length === 2);

  expect(seen).toEqual([collectJob(1), collectJob(2)]);
  expect(warnings().length).toBeGreaterThan(0);
  expect(warnings().length).toBeLessThan(10);
});

test('redis hangs and goes on: an add fails in time, and nothing runs twice', async () => {
  const server = await redis();
  const queue = await open(server.url, { limits: { commandMs: 1_000 } });
  const seen: Job[] = [];
  await queue.work(async (job) => (seen.push(job), DONE), MANY);

  await server.kill('SIGSTOP');
  await expect(queue.add(collectJob(1), clock.now())).rejects.toMatchObject({ kind: 'unreachable' });
  await server.kill('SIGCONT');
  await until('the add that was given up is applied all the same', () => seen.length === 1);
  await queue.add(collectJob(2), clock.now());
  await until('the next one ran', () => seen.length === 2);

  expect(seen).toEqual([collectJob(1), collectJob(2)]);
});

test.each(['SIGSTOP', 'SIGKILL'] as const)('close comes back while redis is gone (%s)', async (signal) => {
  const server = await redis();
  const queue = await open(server.url);
  const hall = gate();
  await queue.work(hall.handler, MANY);
  await queue.add(collectJob(1), clock.now());
  await until('it runs', () => hall.inside.length === 1);

  await server.kill(signal);
  hall.letGo();
  const began = performance.now();
  await queue.close(1_000);

  expect(performance.now() - began).toBeLessThan(1_000 + 5_000);
});

test('the job of a worker process that was killed is taken over', async () => {
  const server = await redis();
  const deployment = randomUUID();
  const queue = await open(server.url, { deployment, limits: { lockMs: 1_000, stalledIntervalMs: 500 } });
  await queue.add(collectJob(1), clock.now());
  const child = spawn(process.execPath, ['--import', 'tsx', WORKER, server.url, deployment], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  closers.push(async () => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const seen: Job[] = [];
  await queue.work(async (job) => (seen.push(job), DONE), MANY);
  expect((await queue.stats()).active).toBe(1);

  child.kill('SIGKILL');
  await until('it is taken over', () => seen.length === 1, 10_000);

  expect(seen).toEqual([collectJob(1)]);
});

test.each([undefined, 'SIGSTOP', 'SIGKILL'] as const)(
  'a worker process ends by itself after close (redis: %s)',
  async (signal) => {
    const server = await redis();
    const queue = await open(server.url);
    await queue.add(collectJob(1), clock.now());
    const child = spawn(process.execPath, ['--import', 'tsx', WORKER, server.url, 'test'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    closers.push(async () => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    if (signal !== undefined) await server.kill(signal);
    const began = performance.now();

    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];

    expect(code).toBe(0);
    expect(performance.now() - began).toBeLessThan(15_000);
  },
);

test('a job whose lock was lost is aborted, and is not reported as a fault', async () => {
  const server = await redis();
  const queue = await open(server.url, { limits: { lockMs: 1_000 } });
  let reason: unknown;
  let runs = false;
  await queue.work(async (_job, signal) => {
    runs = true;
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    reason = signal.reason;
    throw signal.reason;
  }, MANY);
  await queue.add(collectJob(1), clock.now());
  await until('it runs', () => runs);

  await server.cli('flushall');
  await until('it is aborted', () => reason !== undefined);

  expect(String(reason)).toContain('lock');
  expect(happenings.filter(({ kind }) => kind === 'fault')).toEqual([]);
});

test('a redis that is not there is a fault that names host and port, never the password', async () => {
  const port = await freePort();
  const url = `redis://user:canary-password@127.0.0.1:${port}`;
  const began = performance.now();

  const fault = await open(url, { limits: { startMs: 1_000 } }).catch((error: unknown) => error);

  expect(fault).toMatchObject({ name: 'Fault', kind: 'unreachable' });
  expect(String(fault)).toContain(`127.0.0.1:${port}`);
  expect(`${String(fault)} ${JSON.stringify(fault)} ${(fault as Error).stack}`).not.toContain('canary');
  expect(performance.now() - began).toBeLessThan(3_000);
});

test('a wrong password is denied at once', async () => {
  const server = await redis({ password: 'right' });

  const fault = await open(server.url.replace(':right', ':canary-wrong')).catch((error: unknown) => error);

  expect(fault).toMatchObject({ kind: 'denied' });
  expect(String(fault)).not.toContain('canary');
});

test('a redis that evicts keys is refused, and the fault says what to set', async () => {
  const server = await redis({ config: ['maxmemory 100mb', 'maxmemory-policy allkeys-lru'] });

  await expect(open(server.url)).rejects.toMatchObject({
    kind: 'misconfigured',
    message: expect.stringContaining('set maxmemory-policy noeviction') as string,
  });
});

test('a redis that keeps nothing is a warning', async () => {
  const server = await redis({ aof: false });

  await open(server.url);

  expect(warnings()).toEqual([expect.stringContaining('appendonly')]);
});

test('with the documented ACL everything works; without INFO it works with a warning', async () => {
  const server = await redis();
  const rights =
    '~{muster-test}* resetchannels -@all +@read +@write +@blocking +@scripting +@connection +@transaction -@dangerous +client|list';
  await server.cli('acl', 'setuser', 'full', 'on', '>pass', ...rights.split(' '), '+info');
  await server.cli('acl', 'setuser', 'bare', 'on', '>pass', ...rights.split(' '));

  for (const user of ['full', 'bare']) {
    const queue = await open(server.url.replace('//', `//${user}:pass@`));
    const seen: Job[] = [];
    await queue.work(
      async (job) => (seen.push(job), seen.length === 1 ? { do: 'again', at: clock.now(), job } : DONE),
      MANY,
    );
    await queue.add(collectJob(1), clock.now());
    await until(`${user} ran twice`, () => seen.length === 2);
    await queue.close(1_000);
  }

  expect(warnings()).toEqual([expect.stringContaining('INFO is denied')]);
});

test('a full redis refuses adds, and takes them again when there is room', async () => {
  const server = await redis();
  const queue = await open(server.url);

  await server.cli('config', 'set', 'maxmemory', '1mb');
  await expect(queue.add(collectJob(1), clock.now())).rejects.toThrow(/OOM/);
  await server.cli('config', 'set', 'maxmemory', '0');
  await queue.add(collectJob(1), clock.now() + 60_000);

  expect((await queue.stats()).delayed).toBe(1);
});
