import { setTimeout as pause } from 'node:timers/promises';
import { type RedisServer, startRedis } from '../../kit/redis-server.ts';
import { until } from '../../kit/until.ts';
import type { Bench, Tempo } from '../bench.ts';
import type { Child } from '../child.ts';
import { ageLock } from '../home.ts';
import { type Case, expectEnd, insist, onBench, type Stand, type Sum } from '../matrix.ts';
import { headNumber, received, stopped } from './term.ts';

const HANG_MS = 8_000;
/** A dead worker's jobs are given away when its lock is over. */
const TAKEN_OVER_MS = 60_000;
const LIFE_MS = 250;
/** Muster's own source, which the first plan after the first report files. */
const ACCOUNTS_OF_THE_DAY = 'muster/faults/coverage';

interface Scene {
  readonly bench: Bench;
  readonly redis: RedisServer;
  /** Another daemon on the same Redis. */
  readonly daemon: (failpoints?: string) => Child;
}

/** Redis is machinery: whatever becomes of it, the next plan sees what is missing. */
export function redisCases(): readonly Case[] {
  return [
    redisCase('redis is killed and comes back', ({ bench, redis, daemon }) =>
      withDaemon(daemon(), bench, async () => {
        await received(bench, 1);
        await redis.kill('SIGKILL');
        await pause(2_000);
        await redis.restart();
      }),
    ),
    redisCase(`redis hangs for ${HANG_MS / 1_000} s`, ({ bench, redis, daemon }) =>
      withDaemon(daemon(), bench, async () => {
        await received(bench, 1);
        await redis.kill('SIGSTOP');
        await pause(HANG_MS);
        await redis.kill('SIGCONT');
      }),
    ),
    redisCase('redis is flushed while nothing happens', ({ bench, redis, daemon }) =>
      withDaemon(daemon(), bench, async () => {
        await received(bench, 1);
        await redis.cli('flushall');
      }),
    ),
    redisCase('redis is flushed while a report is collected', ({ bench, redis, daemon }) =>
      withDaemon(daemon(), bench, async () => {
        bench.simulator.faults.plant({ match: { action: 'GetCredentialReport' }, kind: 'slow', ms: 800 });
        await until('the report is being fetched', () => bench.simulator.faults.list()[0]?.hits === 1);
        await redis.cli('flushall');
        await pause(800);
        bench.simulator.faults.clear();
      }),
    ),
    redisCase('redis is flushed while a report is delivered', ({ bench, redis, daemon }) =>
      withDaemon(daemon(), bench, async () => {
        let isAsked = false;
        bench.receiver.behave(() => {
          isAsked = true;
          return 'hang after taking';
        });
        await until('a batch is on its way', () => isAsked);
        await redis.cli('flushall');
        bench.receiver.behave(() => 'take');
      }),
    ),
    redisCase('redis is flushed while the only report is delivered', flushedOnly, 'still'),
    redisCase('a deliver job dies of a bug', (scene) => diesOfABug(scene, 'deliver.derived'), 'still'),
    redisCase('a collect job dies of a bug', (scene) => diesOfABug(scene, 'collect.fetched'), 'still'),
    redisCase('SIGTERM while redis is gone', termWithoutRedis),
    redisCase('a worker is killed while another lives', ({ bench, daemon }) => oneOfTwo(bench, daemon)),
    redisCase('a worker is killed while it collects', (scene) => killedWorker(scene, 'collect.fetched@1=kill')),
    redisCase('a worker is killed while it delivers', (scene) => killedWorker(scene, 'deliver.batch_sent@1=kill')),
  ];
}

function redisCase(name: string, play: (scene: Scene) => Promise<Sum>, tempo: Tempo = 'live'): Case {
  const run = async (stand: Stand) => {
    const redis = await startRedis();
    try {
      return await onBench(stand, { tempo, queue: redis.url }, async (bench) => {
        bench.searched.push(await folderOf(redis));
        const daemon = (failpoints = '') => bench.start(['run'], { failpoints, timeoutMs: 2 * TAKEN_OVER_MS });
        const life = setInterval(() => tempo === 'live' && bench.later(0, 1), LIFE_MS);
        try {
          return await play({ bench, redis, daemon });
        } finally {
          clearInterval(life);
        }
      });
    } finally {
      await redis.stop();
    }
  };
  return { name: `redis: ${name}`, waits: true, run };
}

/** The fault, and then: it goes on by itself, two reports further, and everything is there. */
async function withDaemon(daemon: Child, bench: Bench, fault: () => Promise<void>): Promise<Sum> {
  await fault();
  await goesOn(bench);
  await stopped(daemon);
  return settle(bench);
}

async function goesOn(bench: Bench): Promise<void> {
  await received(bench, (await headNumber(bench)) + 2);
}

/** No newer report comes to make it good: only the next plan can see that this one is missing at a sink. */
async function flushedOnly({ bench, redis, daemon }: Scene): Promise<Sum> {
  let isAsked = false;
  bench.receiver.behave(() => {
    isAsked = true;
    return { refuse: 'hang' };
  });
  const child = daemon();
  await until('a batch is on its way', () => isAsked);
  await redis.cli('flushall');
  bench.receiver.behave(() => 'take');
  await received(bench, 1);
  await received(bench, 1, ACCOUNTS_OF_THE_DAY);
  await stopped(child);
  return insist(bench, 'recovered', 1);
}

/** The queue forgets the job, and takes it again under the same id when the next plan asks for it. */
async function diesOfABug({ bench, daemon }: Scene, place: string): Promise<Sum> {
  const child = daemon(`${place}@1=throw,${place}@2=throw`);
  await received(bench, 1);
  await received(bench, 1, ACCOUNTS_OF_THE_DAY);
  await stopped(child);
  if (!child.said().includes(`failpoint ${place}`)) throw new Error('the bug was not planted');
  return insist(bench, 'recovered', 1);
}

/** What the daemon left half done, a last run finishes. */
async function settle(bench: Bench): Promise<Sum> {
  await insist(bench, 'crashed');
  expectEnd('the last collect', await bench.run(['collect', '--json']), {});
  return insist(bench, 'recovered');
}

async function termWithoutRedis({ bench, redis, daemon }: Scene): Promise<Sum> {
  const child = daemon();
  await received(bench, 1);
  await redis.kill('SIGKILL');
  const began = performance.now();
  await stopped(child);
  if (performance.now() - began > 25_000) throw new Error('the daemon took longer than its grace');
  return settle(bench);
}

/** The one that lives goes on at once, without waiting for the lock of the dead. */
async function oneOfTwo(bench: Bench, daemon: Scene['daemon']): Promise<Sum> {
  const living = daemon();
  await received(bench, 1);
  const doomed = daemon();
  await until('the second worker has started', () => doomed.said().includes('"started"'), bench.patienceMs);
  doomed.kill('SIGKILL');
  await doomed.ended;
  await ageLock(bench.home);
  await goesOn(bench);
  await stopped(living);
  return settle(bench);
}

async function killedWorker({ bench, daemon }: Scene, failpoints: string): Promise<Sum> {
  expectEnd('the worker to kill', await daemon(failpoints).ended, { signal: 'SIGKILL' });
  await insist(bench, 'crashed');
  await ageLock(bench.home);
  const next = daemon();
  await received({ ...bench, patienceMs: TAKEN_OVER_MS }, 1);
  await goesOn({ ...bench, patienceMs: TAKEN_OVER_MS });
  await stopped(next);
  return settle(bench);
}

/** Its append-only file holds every command that it was ever sent. */
async function folderOf(redis: RedisServer): Promise<string> {
  return (await redis.cli('config', 'get', 'dir')).split('\n').at(-1) ?? '';
}
