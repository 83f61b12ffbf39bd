import type { Queue as StoredQueue } from 'bullmq';
import type { Clock } from '../domain/clock.ts';
import { Fault } from '../domain/fault.ts';
import type { Observe } from '../domain/happening.ts';
import type { Instant } from '../domain/instant.ts';
import { settlesWithin } from '../kit/within.ts';
import { laneOf } from './lanes.ts';
import { type Handler, type Job, type JobName, jobId, type Queue, type QueueStats } from './queue.ts';
import { rareWarnings, type Warn } from './rare-warnings.ts';
import { describeAddress, type RedisAddress, type Role } from './redis-address.ts';
import { checkRedis } from './redis-check.ts';
import { openClient, type RedisClient, reasonOf, redisFault, warningKind } from './redis-client.ts';
import { Runs } from './redis-runs.ts';
import { type BullMq, type WorkerLimits, Workers } from './redis-workers.ts';

export interface RedisQueueOptions {
  readonly connection: RedisAddress;
  /** Names the keys in Redis, so that installations can share a server. */
  readonly deployment: string;
  /** What this process works on. Jobs may be added to any lane. */
  readonly lanes: readonly string[];
  readonly clock: Clock;
  readonly observe: Observe;
  /** For tests; the defaults are for production. */
  readonly limits?: Partial<RedisLimits>;
}

interface RedisLimits extends WorkerLimits {
  /** How long `add` and `stats` wait for Redis. */
  readonly commandMs: number;
}

interface Opened extends RedisQueueOptions {
  readonly fullLimits: RedisLimits;
  readonly where: string;
  readonly warn: Warn;
  readonly shared: { readonly prefix: string; readonly skipVersionCheck: boolean };
  readonly bullmq: BullMq;
  readonly producer: RedisClient;
  readonly storedOf: (lane: string) => StoredQueue;
  /** Those that this process works on, and those to which it added. */
  readonly stored: ReadonlyMap<string, StoredQueue>;
}

const LIMITS = { startMs: 5_000, commandMs: 4_000, lockMs: 60_000, stalledIntervalMs: 15_000, maxStalled: 5 };
const PING_MS = 1_000;
// Nobody reads BullMQ's event stream here.
const MAX_EVENTS = 100;

/** The queue of many processes, on BullMQ. Throws a Fault when Redis cannot be reached, or would lose jobs. */
export async function openRedisQueue(options: RedisQueueOptions): Promise<Queue> {
  const fullLimits = { ...LIMITS, ...options.limits };
  const where = describeAddress(options.connection);
  const prefix = prefixOf(options.deployment);
  const warn = rareWarnings(options.observe);
  const producer = await connect({ ...options, fullLimits, where, warn }, 'producer', new AbortController().signal);
  try {
    const verdict = await checkRedis(producer, where);
    for (const message of verdict.warnings) options.observe({ kind: 'warning', message });
    const shared = { prefix, skipVersionCheck: !verdict.mayAsk };
    const bullmq = await import('bullmq');
    const stored = new Map<string, StoredQueue>();
    const storedOf = storedIn(stored, bullmq, producer, shared, warn);
    for (const lane of options.lanes) storedOf(lane);
    return new RedisQueue({ ...options, fullLimits, where, warn, shared, bullmq, producer, stored, storedOf });
  } catch (error) {
    producer.disconnect();
    throw error instanceof Fault ? error : redisFault(error, `redis at ${where} failed at start`);
  }
}

/**
 * A job that waits in `delayed` stays as it is when its id is added again, even for an earlier time; so does one that is active.
 * A job that ended is gone at once, so that its id can be added again.
 */
class RedisQueue implements Queue {
  readonly name: string;
  readonly #opened: Opened;
  #workers: Workers | undefined;
  #runs: Runs | undefined;
  #closed: Promise<void> | undefined;
  readonly #stop = new AbortController();

  constructor(opened: Opened) {
    this.name = `redis at ${opened.where}`;
    this.#opened = opened;
  }

  async add(job: Job, at: Instant): Promise<void> {
    if (this.#closed !== undefined) throw new Fault('unreachable', 'the queue is closed');
    const id = jobId(job);
    const delay = Math.ceil(this.#opened.clock.delayUntil(at));
    try {
      await this.#opened.storedOf(laneOf(job)).add(job.name, job, { jobId: id, delay });
    } catch (error) {
      throw redisFault(error, `${this.name} did not take ${id}`);
    }
  }

  async work(handler: Handler, concurrency: Readonly<Record<JobName, number>>): Promise<void> {
    if (this.#runs !== undefined) throw new Error('the queue has a handler already');
    const runs = new Runs({ ...this.#opened, handler, concurrency, delayed: this.#opened.bullmq.DelayedError });
    this.#runs = runs;
    const client = await connect(this.#opened, 'worker', this.#stop.signal).catch((error: unknown) => {
      if (this.#closed === undefined) throw error;
    });
    if (client === undefined || this.#closed !== undefined) return client?.disconnect();
    const parts = { ...this.#opened, limits: this.#opened.fullLimits, client, concurrency, runs };
    this.#workers = new Workers(this.#opened.bullmq, parts);
    await this.#workers.started();
  }

  async stats(): Promise<QueueStats> {
    const { producer, stored } = this.#opened;
    try {
      const counts = await Promise.all(
        [...stored.values()].map((queue) => queue.getJobCounts('wait', 'prioritized', 'delayed', 'active')),
      );
      const sum = (state: string) => counts.reduce((total, count) => total + (count[state] ?? 0), 0);
      return {
        ready: producer.status === 'ready',
        waiting: sum('wait') + sum('prioritized'),
        delayed: sum('delayed'),
        active: sum('active'),
      };
    } catch {
      return { ready: false, waiting: 0, delayed: 0, active: 0 };
    }
  }

  close(graceMs: number): Promise<void> {
    this.#closed ??= this.#close(graceMs);
    return this.#closed;
  }

  async #close(graceMs: number): Promise<void> {
    const { producer, stored } = this.#opened;
    this.#stop.abort();
    await this.#workers?.pause();
    const allBack = (await this.#runs?.close(graceMs)) ?? true;
    await this.#workers?.close(allBack && (await answers(producer)));
    await settlesWithin(Promise.all([...stored.values()].map((queue) => queue.close())), PING_MS);
    producer.disconnect();
  }
}

function connect(
  opened: Pick<Opened, 'connection' | 'fullLimits' | 'where' | 'warn'>,
  role: Role,
  signal: AbortSignal,
) {
  return openClient({
    address: opened.connection,
    role,
    commandTimeoutMs: opened.fullLimits.commandMs,
    startTimeoutMs: opened.fullLimits.startMs,
    signal,
    onError: (error) => opened.warn(warningKind(error), `redis at ${opened.where}: ${reasonOf(error)}`),
  });
}

function storedIn(
  stored: Map<string, StoredQueue>,
  bullmq: BullMq,
  connection: RedisClient,
  shared: Opened['shared'],
  warn: Warn,
): (lane: string) => StoredQueue {
  return (lane) => {
    const known = stored.get(lane);
    if (known !== undefined) return known;
    const queue = new bullmq.Queue(lane, {
      connection,
      ...shared,
      streams: { events: { maxLen: MAX_EVENTS } },
      defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true, stackTraceLimit: 0 },
    });
    queue.on('error', (error) => warn(warningKind(error), `queue ${lane}: ${reasonOf(error)}`));
    stored.set(lane, queue);
    return queue;
  };
}

/** The braces make all keys of a deployment live in one slot of a cluster. */
function prefixOf(deployment: string): string {
  if (/^[A-Za-z0-9_.-]{1,64}$/.test(deployment)) return `{muster-${deployment}}`;
  throw new Fault('misconfigured', 'deployment: use letters, digits, "-", "_" and "." only');
}

async function answers(client: RedisClient): Promise<boolean> {
  let answered = false;
  const ping = async () => {
    await client.ping();
    answered = true;
  };
  await settlesWithin(ping(), PING_MS);
  return answered;
}
