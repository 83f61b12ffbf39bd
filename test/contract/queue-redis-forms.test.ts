import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Happening } from '../../src/domain/happening.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { Secret } from '../../src/kit/secret.ts';
import type { Job, Queue } from '../../src/queue/queue.ts';
import { openRedisQueue } from '../../src/queue/redis.ts';
import type { RedisAddress } from '../../src/queue/redis-address.ts';
import { freePort } from '../kit/free-port.ts';
import { collectJob, DONE, LANES } from '../kit/queue-contract.ts';
import { type RedisServer, type RedisServerOptions, startRedis } from '../kit/redis-server.ts';
import { until } from '../kit/until.ts';

const MANY = { plan: 1, collect: 5, deliver: 5 };
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

async function open(connection: RedisAddress): Promise<Queue> {
  const queue = await openRedisQueue({
    connection,
    deployment: randomUUID(),
    lanes: LANES,
    clock,
    observe: (happening) => happenings.push(happening),
  });
  closers.push(() => queue.close(200));
  return queue;
}

/** A job that asks to run again, one that is delayed, one added twice. */
async function exercise(queue: Queue): Promise<void> {
  const seen: Job[] = [];
  await queue.work(async (job) => {
    seen.push(job);
    if (job.name !== 'collect' || job.attempt > 0) return DONE;
    return { do: 'again', at: clock.now() + 50, job: { ...job, attempt: 1 } };
  }, MANY);
  await queue.add(collectJob(1), clock.now());
  await queue.add(collectJob(2), clock.now() + 200);
  await queue.add(collectJob(2), clock.now() + 200);
  await until('all four steps', () => seen.length === 4);
  await until('all are forgotten', async () => (await queue.stats()).active === 0);
  expect(await queue.stats()).toEqual({ ready: true, waiting: 0, delayed: 0, active: 0 });
}

async function sentinels(password: string) {
  const auth = [`masterauth ${password}`];
  const master = await redis({ password, config: auth });
  const replica = await redis({ password, config: [...auth, `replicaof 127.0.0.1 ${master.port}`] });
  await until('the replica follows', async () => (await replica.cli('info')).includes('master_link_status:up'));
  const sentinel = await redis({
    sentinel: true,
    config: [
      `sentinel monitor prod 127.0.0.1 ${master.port} 1`,
      `sentinel auth-pass prod ${password}`,
      'sentinel down-after-milliseconds prod 500',
      'sentinel failover-timeout prod 3000',
    ],
  });
  await until('it knows the replica', async () =>
    (await sentinel.cli('sentinel', 'replicas', 'prod')).includes(`${replica.port}`),
  );
  return { master, sentinel };
}

test('behind sentinels the queue works, and goes on after a failover', async () => {
  const { master, sentinel } = await sentinels('canary');
  const queue = await open({
    kind: 'sentinels',
    sentinels: [{ host: '127.0.0.1', port: sentinel.port }],
    name: 'prod',
    password: new Secret('canary', '${env:REDIS_PASSWORD}'),
  });
  const seen: Job[] = [];
  await queue.work(async (job) => (seen.push(job), DONE), MANY);
  await queue.add(collectJob(1), clock.now());
  await until('the first ran', () => seen.length === 1);

  await master.kill('SIGKILL');
  await until(
    'the replica is master',
    () =>
      queue.add(collectJob(2), clock.now()).then(
        () => true,
        () => false,
      ),
    60_000,
  );
  await until('the second ran', () => seen.length === 2, 30_000);

  expect(seen).toEqual([collectJob(1), collectJob(2)]);
  expect(JSON.stringify(happenings)).not.toContain('canary');
});

test('on a cluster of three masters the queue works', async () => {
  const nodes: RedisServer[] = [];
  for (const timeout of [5_000, 5_000, 5_000]) {
    const config = ['cluster-enabled yes', `cluster-port ${await freePort()}`, `cluster-node-timeout ${timeout}`];
    nodes.push(await redis({ config }));
  }
  await nodes[0]!.cli('--cluster', 'create', ...nodes.map(({ port }) => `127.0.0.1:${port}`), '--cluster-yes');
  for (const node of nodes) {
    await until('the cluster is whole', async () => (await node.cli('cluster', 'info')).includes('cluster_state:ok'));
  }

  const queue = await open({
    kind: 'cluster',
    nodes: [{ host: '127.0.0.1', port: nodes[1]!.port }],
    password: undefined,
    tls: false,
  });

  await exercise(queue);
});

test('a cluster or sentinels that are not there are a fault that names them', async () => {
  const port = await freePort();
  const nobody = [{ host: '127.0.0.1', port }];
  const began = performance.now();

  for (const connection of [
    { kind: 'cluster', nodes: nobody, password: undefined, tls: false },
    { kind: 'sentinels', sentinels: nobody, name: 'prod', password: new Secret('canary', 'x') },
  ] as const) {
    const fault = await openRedisQueue({
      connection,
      deployment: 'test',
      lanes: LANES,
      clock,
      observe: () => undefined,
      limits: { startMs: 800 },
    }).catch((error: unknown) => error);
    expect(fault).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining(`127.0.0.1:${port}`) as string,
    });
    expect(String(fault)).not.toContain('canary');
  }

  expect(performance.now() - began).toBeLessThan(5_000);
});
