import type * as bullmq from 'bullmq';
import type { Worker } from 'bullmq';
import { Fault } from '../domain/fault.ts';
import { settlesWithin } from '../kit/within.ts';
import { nameOfLane } from './lanes.ts';
import type { JobName } from './queue.ts';
import type { Warn } from './rare-warnings.ts';
import { type RedisClient, reasonOf, warningKind } from './redis-client.ts';
import type { Runs } from './redis-runs.ts';

export interface WorkerParts {
  readonly client: RedisClient;
  readonly where: string;
  readonly shared: { readonly prefix: string; readonly skipVersionCheck: boolean };
  readonly limits: WorkerLimits;
  readonly lanes: readonly string[];
  readonly concurrency: Readonly<Record<JobName, number>>;
  readonly runs: Runs;
  readonly warn: Warn;
}

export interface WorkerLimits {
  /** How long Redis may take to answer at start. */
  readonly startMs: number;
  /** After this without renewal a job's worker counts as dead. */
  readonly lockMs: number;
  readonly stalledIntervalMs: number;
  /** So many deaths of its worker end a job. A report that kills its reader is counted in the archive, and earlier. */
  readonly maxStalled: number;
}

/** Loaded only when Redis is used: it is given to whoever needs it. */
export type BullMq = typeof bullmq;

const GOODBYE_MS = 3_000;
const INTERRUPT_MS = 300;
// A process that dies may take the sign for a waiting job with it: so often the others look anyway.
const LOOK_S = 2;
// BullMQ's own 15 s would be the longest part of an outage.
const RETRY_MS = 1_000;

/** One BullMQ worker for each lane: a slow name never takes another's slots. */
export class Workers {
  readonly #parts: WorkerParts;
  readonly #workers: readonly Worker[];
  readonly #stop = new AbortController();

  constructor(loaded: BullMq, parts: WorkerParts) {
    this.#parts = parts;
    const lanes = parts.lanes.filter((lane) => parts.concurrency[nameOfLane(lane)] > 0);
    this.#workers = lanes.map((lane) => {
      const worker = new loaded.Worker(
        lane,
        (job, token) => parts.runs.process(lane, job, token),
        options(parts, nameOfLane(lane)),
      );
      listen(worker, parts);
      return worker;
    });
  }

  /** Back when all of them take jobs, or when they were closed meanwhile. */
  async started(): Promise<void> {
    const ready = Promise.all(this.#workers.map((worker) => worker.waitUntilReady()));
    const stopped = new Promise((resolve) => this.#stop.signal.addEventListener('abort', resolve, { once: true }));
    if (await settlesWithin(Promise.race([ready, stopped]), this.#parts.limits.startMs)) return;
    await this.close(false);
    throw new Fault('unreachable', `redis at ${this.#parts.where} did not answer: no worker was started`);
  }

  /** Takes nothing new. The blocking reads end too: they would swallow the sign that wakes another process for a job that we put back. */
  async pause(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.pause(true)));
    const interrupted = this.#workers.map((worker) => worker.getBackend().disconnectBlocking(true));
    await settlesWithin(Promise.allSettled(interrupted), INTERRUPT_MS);
  }

  /**
   * `close()` waits for Redis, for ever when it is gone, and a later `close(true)` does not help. So it is called only when Redis answers
   * and nothing is under way, and even then not trusted: the connections are cut afterwards.
   */
  async close(isCalm: boolean): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#workers.map((worker) => settlesWithin(worker.close(!isCalm), GOODBYE_MS)));
    for (const worker of this.#workers) {
      const blocking = worker.getBackend().blockingClient;
      blocking?.then(
        (client) => client.disconnect(),
        () => undefined, // it never connected
      );
    }
    this.#parts.client.disconnect();
  }
}

function options(parts: WorkerParts, name: JobName) {
  return {
    connection: parts.client,
    ...parts.shared,
    concurrency: parts.concurrency[name],
    lockDuration: parts.limits.lockMs,
    stalledInterval: parts.limits.stalledIntervalMs,
    maxStalledCount: parts.limits.maxStalled,
    drainDelay: LOOK_S,
    runRetryDelay: RETRY_MS,
    // Whoever forged a job may have left its own removal settings out: these hold then.
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  };
}

function listen(worker: Worker, { runs, warn, where }: WorkerParts): void {
  worker.on('error', (error) => warn(warningKind(error), `redis at ${where}: ${reasonOf(error)}`));
  worker.on('lockRenewalFailed', (ids: string[]) => {
    for (const id of ids) runs.abandon(id);
  });
  worker.on('stalled', () =>
    warn('stalled', `a worker died during a ${nameOfLane(worker.name)} job: it is taken over`),
  );
  worker.on('failed', (_job, error) =>
    warn('failed', `a ${nameOfLane(worker.name)} job was forgotten: ${reasonOf(error)}`),
  );
}
