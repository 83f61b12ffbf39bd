import type { Config } from '../config/config.ts';
import type { Clock } from '../domain/clock.ts';
import { ALL_DUTIES, type Duties, scopeOf } from '../domain/duties.ts';
import type { Happening, Observe } from '../domain/happening.ts';
import type { Instant } from '../domain/instant.ts';
import { Releasers } from '../kit/releasers.ts';
import { VERSION } from '../kit/version.ts';
import { handlerOf } from '../pipeline/handle.ts';
import { openEmbeddedQueue } from '../queue/embedded.ts';
import { laneOf } from '../queue/lanes.ts';
import type { Job, JobName, Queue } from '../queue/queue.ts';
import { openRedisQueue } from '../queue/redis.ts';
import { metrics } from '../telemetry/metrics.ts';
import { compose } from './compose.ts';
import { watchDropFolders } from './drop-folder/watch.ts';
import { serveHealth } from './http.ts';
import { lanesOf } from './lanes.ts';
import { readiness } from './readiness.ts';
import { startScaledSchedule, startSchedule } from './schedule.ts';

const GRACE_MS = 20_000;

/** BullMQ's locks live by the machine's clock: a minute would be hours of a clock that is sped up. */
const SCALED_LIMITS = { lockMs: 5_000, stalledIntervalMs: 1_000 };

/** All mostly wait for the network: a few accounts that hang, or are asked user by user, must not hold up the others. What takes memory has desks. */
const CONCURRENCY: Readonly<Record<JobName, number>> = {
  plan: 1,
  collect: 16,
  deliver: 8,
};

export interface RunOptions {
  readonly clock: Clock;
  readonly observe: Observe;
  /** Set when the clock is sped up by a test: cron cannot follow it. */
  readonly scaledTickMs?: number;
  readonly graceMs?: number;
  /** The config was read for these. */
  readonly duties?: Duties;
}

export interface Daemon {
  readonly httpPort: number | undefined;
  stop(reason: string): Promise<void>;
}

/** The daemon: a queue, a worker on it, a tick, a health page. Everything opened is closed newest first. */
export async function runDaemon(config: Config, options: RunOptions): Promise<Daemon> {
  const releasers = new Releasers();
  try {
    return await start(config, options, releasers);
  } catch (error) {
    await releasers.release().catch(() => undefined);
    throw error;
  }
}

async function start(config: Config, options: RunOptions, releasers: Releasers): Promise<Daemon> {
  const { clock, duties = ALL_DUTIES } = options;
  const counted = metrics();
  const ready = readiness(clock);
  const observe = (happening: Happening) => {
    counted.count(happening);
    ready.hears(happening);
    options.observe(happening);
  };
  for (const message of [...config.warnings, ...config.broken]) observe({ kind: 'warning', message });
  const queue = await openQueue(config, options, observe);
  let queueOpen = true;
  releasers.push(() => (queueOpen ? queue.close(0) : undefined));
  const enqueue = enqueueOn(queue, config, duties);
  const composed = await compose(config, { clock, observe, enqueue, probe: true, duties });
  releasers.push(() => composed.close());
  const http =
    config.http && (await serveHealth(config.http, { metrics: counted, notReady: () => ready.notReady(queue) }));
  if (http) releasers.push(() => http.close());
  const drops = watchDropFolders(composed.stage);
  releasers.push(() => drops.stop());
  await queue.work(handlerOf(composed.stage), CONCURRENCY);
  const schedule =
    options.scaledTickMs === undefined
      ? await startSchedule(config.tick, clock, observe, enqueue)
      : startScaledSchedule(options.scaledTickMs, clock, enqueue);
  ready.starts();
  observe({
    kind: 'started',
    version: VERSION,
    accounts: config.accounts.length,
    sinks: config.sinks.length,
    queue: queue.name,
  });
  return {
    httpPort: http?.port,
    async stop(reason) {
      observe({ kind: 'stopping', reason });
      await schedule.stop();
      await drops.stop();
      await queue.close(options.graceMs ?? GRACE_MS);
      queueOpen = false;
      await releasers.release();
      observe({ kind: 'stopped' });
    },
  };
}

async function openQueue(
  config: Config,
  { clock, scaledTickMs, duties }: RunOptions,
  observe: Observe,
): Promise<Queue> {
  if (config.queue.type === 'embedded') return openEmbeddedQueue({ clock, observe });
  return openRedisQueue({
    connection: config.queue.connection,
    deployment: config.deployment,
    lanes: lanesOf(duties ?? ALL_DUTIES),
    clock,
    observe,
    ...(scaledTickMs === undefined ? {} : { limits: SCALED_LIMITS }),
  });
}

/** What this process may not do goes to the others through the queue that they share; without one they see it in the archive. */
function enqueueOn(queue: Queue, config: Config, duties: Duties): (job: Job, at: Instant) => Promise<void> {
  const lanes = new Set(lanesOf(duties));
  const scope = scopeOf(duties);
  return async (job, at) => {
    const scoped = job.name === 'plan' && scope !== undefined ? { ...job, scope } : job;
    if (config.queue.type === 'redis' || lanes.has(laneOf(scoped))) await queue.add(scoped, at);
  };
}
