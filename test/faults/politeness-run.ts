import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { scaledClock, systemClock } from '../../src/kit/clock.ts';
import { Releasers } from '../../src/kit/releasers.ts';
import { generateReport, settle } from '../../src/simulator/aws/report-machine.ts';
import { step } from '../../src/simulator/aws/step.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type RedisServer, startRedis } from '../kit/redis-server.ts';
import { until } from '../kit/until.ts';
import { type Audit, audit } from './politeness-audit.ts';
import { REDIS_PREFIX, readHeld, writeConfig } from './politeness-home.ts';
import { FaultyWorker, type SharedTime, simulatedAt } from './politeness-worker.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const TICK_MS = 10 * MINUTE_MS;
const LIFE_MS = 2 * MINUTE_MS;

export interface PolitenessOptions {
  readonly sources: number;
  readonly hours: number;
  /** Simulated milliseconds in a real one. */
  readonly rate: number;
  /** How far each worker's clock is off. */
  readonly skewsMs: readonly number[];
  /** When a worker is killed, and which; when Redis is flushed: shares of the whole time. */
  readonly kills: readonly { readonly at: number; readonly worker: number }[];
  readonly flushes: readonly number[];
  /** The built program. */
  readonly main: string;
  readonly say: (line: string) => void;
  /** Where archive and logs stay; without it they are removed. */
  readonly keep?: string;
}

export interface PolitenessResult {
  readonly audit: Audit;
  readonly kills: number;
  readonly flushes: number;
  readonly seconds: number;
  /** Reports whose summary no worker ever printed. */
  readonly undelivered: number;
  readonly leftovers: Readonly<Record<string, string>>;
  readonly workers: readonly FaultyWorker[];
  readonly stoppedWell: boolean;
}

interface Scene {
  readonly options: PolitenessOptions;
  readonly time: SharedTime;
  readonly simulator: Simulator;
  readonly redis: RedisServer;
  readonly workers: readonly FaultyWorker[];
  /** `account/number` of every summary that was printed. */
  readonly delivered: Set<string>;
}

/** Days of three workers with different clocks on one Redis and one archive, judged by what the cloud saw. */
export async function runPoliteness(options: PolitenessOptions): Promise<PolitenessResult> {
  const began = performance.now();
  const folder = options.keep ?? (await mkdtemp(join(tmpdir(), 'muster-politeness-')));
  const releasers = new Releasers();
  if (options.keep === undefined) releasers.push(() => rm(folder, { recursive: true, force: true }));
  try {
    const scene = await setTheScene(options, folder, releasers);
    await live(scene);
    const ended = scene.simulator.clock.now();
    const leftovers = await queued(scene.redis);
    await until(
      'all that was archived is delivered',
      async () => (await heldBy(ended, folder, scene)).undelivered === 0,
    ).catch(() => undefined);
    const stopped = await Promise.all(scene.workers.map((worker) => worker.stop()));
    return {
      ...(await judge(scene, folder, ended)),
      leftovers,
      stoppedWell: stopped.every(Boolean),
      seconds: seconds(),
    };
  } finally {
    await releasers.release();
  }

  function seconds(): number {
    return Math.round((performance.now() - began) / 100) / 10;
  }
}

async function setTheScene(options: PolitenessOptions, folder: string, releasers: Releasers): Promise<Scene> {
  const redis = await startRedis({ config: ['appendfsync everysec'] });
  releasers.push(() => redis.stop());
  const accounts = Array.from({ length: options.sources }, (_, index) => ({ users: 1 + (index % 3) }));
  const time = timeOf(options);
  const clock = scaledClock(time.start, time.rate);
  const simulator = await startSimulator({ clock, accounts, maxCalls: 2_000_000 });
  releasers.push(() => simulator.close());
  makeOldReports(simulator);
  const config = await writeConfig(folder, simulator, redis.url);
  const delivered = new Set<string>();
  const workers = options.skewsMs.map(
    (skewMs, index) =>
      new FaultyWorker({
        name: `worker-${index}`,
        main: options.main,
        folder,
        config,
        time,
        skewMs,
        tickMs: TICK_MS,
        onSummary: (source, number) => delivered.add(`${source}/${number}`),
      }),
  );
  for (const worker of workers) {
    releasers.push(() => worker.abandon());
    worker.start();
  }
  return { options, time, simulator, redis, workers, delivered };
}

/** All of it lies in the past: sessions expire by the machine's clock, and must not seem to have expired. */
function timeOf({ hours, rate }: PolitenessOptions): SharedTime {
  const anchor = systemClock().now();
  return { start: Math.floor(anchor / DAY_MS) * DAY_MS - hours * HOUR_MS - DAY_MS, rate, anchor };
}

/** Most accounts have a report that somebody asked for within the last window: their phases differ, as in life. */
function makeOldReports({ world, clock, accounts }: Simulator): void {
  const random = seededRandom(5, 'phases');
  for (const { id } of accounts) {
    const account = world.accounts.get(id);
    if (account === undefined || random.chance(0.05)) continue;
    const back = 4 * HOUR_MS * random.fraction();
    clock.advance(-back);
    generateReport(world, account);
    clock.advance(MINUTE_MS);
    settle(world, account);
    clock.advance(back - MINUTE_MS);
  }
}

/** Lets the time pass: users and keys come and go, and at the planned moments things break. */
async function live(scene: Scene): Promise<void> {
  const { options, time, simulator, workers } = scene;
  const { clock } = simulator;
  const random = seededRandom(11, 'politeness');
  const at = (share: number) => time.start + share * options.hours * HOUR_MS;
  const acts = [
    ...options.kills.map((kill) => ({ at: at(kill.at), act: () => crash(scene, kill.worker) })),
    ...options.flushes.map((share) => ({ at: at(share), act: () => flush(scene) })),
  ].toSorted((a, b) => a.at - b.at);
  let nextLife = time.start;
  let nextHour = time.start + HOUR_MS;
  while (clock.now() < at(1)) {
    if (acts[0] !== undefined && clock.now() >= acts[0].at) await acts.shift()?.act();
    for (; nextLife < clock.now(); nextLife += LIFE_MS) step(simulator.world, random);
    if (clock.now() >= nextHour) {
      for (const worker of workers) worker.note();
      const rss = workers.map((worker) => worker.rss.at(-1) ?? '?').join(' ');
      say(
        scene,
        `${simulator.calls.list().length} calls, ${simulator.world.reports.length} reports made, RSS ${rss} MB`,
      );
      nextHour += HOUR_MS * Math.ceil(options.hours / 24);
    }
    await pause(20);
  }
}

async function crash(scene: Scene, index: number): Promise<void> {
  const worker = scene.workers[index];
  if (worker === undefined) return;
  await busy(scene);
  await worker.crash();
  say(scene, `${worker.options.name} killed and started again`);
}

async function flush(scene: Scene): Promise<void> {
  await busy(scene);
  await scene.redis.cli('flushall');
  say(scene, 'redis flushed while collecting was busy');
}

/** A moment in which clouds are being asked: it comes soon. */
async function busy({ simulator }: Scene): Promise<void> {
  const before = simulator.calls.list().at(-1)?.seq;
  await until('a cloud is asked', () => simulator.calls.list().at(-1)?.seq !== before);
}

function say({ options, time, simulator }: Scene, line: string): void {
  options.say(`${((simulator.clock.now() - time.start) / HOUR_MS).toFixed(1).padStart(5)} h  ${line}`);
}

async function queued(redis: RedisServer): Promise<Readonly<Record<string, string>>> {
  const counts: Record<string, string> = { keys: await redis.cli('dbsize') };
  for (const name of ['plan', 'collect', 'deliver']) {
    const key = (state: string) => `${REDIS_PREFIX}:${name}:${state}`;
    const lists = [redis.cli('llen', key('wait')), redis.cli('llen', key('active'))];
    const sets = ['delayed', 'completed', 'failed'].map((state) => redis.cli('zcard', key(state)));
    const [wait, active, delayed, completed, failed] = await Promise.all([...lists, ...sets]);
    counts[name] = `${wait} waiting, ${active} active, ${delayed} delayed, ${completed} completed, ${failed} failed`;
  }
  return counts;
}

/** What was archived when the time was over, and how much of it no worker has delivered. */
async function heldBy(ended: number, folder: string, { time, delivered }: Scene) {
  const held = (await readHeld(folder)).filter((report) => simulatedAt(time, report.writtenAt) <= ended);
  const undelivered = held.filter(
    ({ account, number }) => !delivered.has(`aws/${account}/credential-report/${number}`),
  );
  return { held, undelivered: undelivered.length };
}

async function judge(scene: Scene, folder: string, ended: number) {
  const { options, time, simulator, workers } = scene;
  const { held, undelivered } = await heldBy(ended, folder, scene);
  const judged = audit({
    began: time.start,
    ended,
    rate: time.rate,
    accounts: simulator.accounts.map(({ id }) => id),
    calls: simulator.calls.list().filter(({ at }) => Date.parse(at) <= ended),
    built: simulator.world.reports,
    held,
    heldAt: ({ writtenAt }) => simulatedAt(time, writtenAt),
  });
  const kills = workers.reduce((sum, worker) => sum + worker.kills, 0);
  return { audit: judged, kills, flushes: options.flushes.length, undelivered, workers };
}
