import type { DelayedError, Job as StoredJob } from 'bullmq';
import type { Clock } from '../domain/clock.ts';
import type { Observe } from '../domain/happening.ts';
import { systemClock } from '../kit/clock.ts';
import { Slots } from '../kit/slots.ts';
import { settlesWithin } from '../kit/within.ts';
import { exclusionKey } from './exclusion.ts';
import { parseJob } from './job-schema.ts';
import { laneOf, nameOfLane } from './lanes.ts';
import type { Handler, Job, JobName, Outcome } from './queue.ts';
import { oneLine, thrown } from './thrown.ts';

const BUSY_RETRY_MS = 250;

export interface RunsParts {
  readonly clock: Clock;
  readonly observe: Observe;
  readonly handler: Handler;
  readonly concurrency: Readonly<Record<JobName, number>>;
  /** BullMQ's sign that a job went back to `delayed` and is neither done nor failed. */
  readonly delayed: typeof DelayedError;
}

/**
 * What happens to a job that a worker has taken. It ends in one of three ways: done (also when the handler threw: BullMQ keeps the message
 * of a failure, and the next plan sees what is missing anyway), back in `delayed` without an attempt spent, or left to whoever took it over.
 */
export class Runs {
  readonly #parts: RunsParts;
  // BullMQ compares delays with the machine's clock, whatever ours says.
  readonly #machine: Clock = systemClock();
  readonly #busy = new Set<string>();
  readonly #controllers = new Map<string, AbortController>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #lost = new Set<string>();
  // Each lane of a name may take as many as the name has: together they may not run more.
  readonly #slots: Readonly<Record<JobName, Slots>>;
  #closing = false;

  constructor(parts: RunsParts) {
    this.#parts = parts;
    const { plan, collect, deliver } = parts.concurrency;
    this.#slots = { plan: new Slots(plan), collect: new Slots(collect), deliver: new Slots(deliver) };
  }

  /** The processor of the worker for this lane. */
  async process(lane: string, stored: StoredJob, token: string | undefined): Promise<void> {
    const run = this.#inTurn(lane, stored, token);
    this.#underWay.add(run);
    try {
      await run;
    } finally {
      this.#underWay.delete(run);
    }
  }

  /** Redis forgot our lock, or somebody else has it: the work goes on elsewhere. */
  abandon(id: string): void {
    const controller = this.#controllers.get(id);
    if (controller === undefined) return;
    this.#lost.add(id);
    controller.abort(new Error('the lock of the job was lost'));
  }

  /** True when all that was under way came back in time. */
  async close(graceMs: number): Promise<boolean> {
    this.#closing = true;
    for (const slots of Object.values(this.#slots)) slots.open();
    for (const controller of this.#controllers.values()) controller.abort(new Error('the queue is closing'));
    return settlesWithin(Promise.allSettled(this.#underWay), graceMs);
  }

  async #inTurn(lane: string, stored: StoredJob, token: string | undefined): Promise<void> {
    const slots = this.#slots[nameOfLane(lane)];
    await slots.take();
    try {
      await this.#process(lane, stored, token);
    } finally {
      slots.give();
    }
  }

  async #process(lane: string, stored: StoredJob, token: string | undefined): Promise<void> {
    const id = stored.id ?? '';
    const name = nameOfLane(lane);
    const job = parseJob(name, stored.data);
    if (job === undefined || laneOf(job) !== lane) {
      const message = `redis holds a ${name} job that is not ours (${oneLine(id).slice(0, 80)}): it was dropped`;
      return this.#parts.observe({ kind: 'warning', message });
    }
    if (this.#closing) return this.#putBack(stored, token, 1);
    const key = exclusionKey(job);
    if (this.#busy.has(key)) return this.#putBack(stored, token, BUSY_RETRY_MS);
    this.#busy.add(key);
    try {
      const outcome = await this.#handle(id, job);
      if (outcome === 'interrupted') return await this.#putBack(stored, token, 1);
      if (outcome.do === 'again') await this.#again(stored, token, outcome);
    } finally {
      this.#busy.delete(key);
      this.#controllers.delete(id);
      this.#lost.delete(id);
    }
  }

  async #handle(id: string, job: Job): Promise<Outcome | 'interrupted'> {
    const controller = new AbortController();
    this.#controllers.set(id, controller);
    try {
      return await this.#parts.handler(job, controller.signal);
    } catch (error) {
      if (this.#closing) return 'interrupted';
      // What a handler throws after we aborted it says nothing of the job.
      if (!this.#lost.has(id)) this.#parts.observe(thrown(job, error));
      return { do: 'done' };
    }
  }

  /** The content first: after `moveToDelayed` with a short delay another worker may already run it. */
  async #again(stored: StoredJob, token: string | undefined, outcome: Outcome & { do: 'again' }): Promise<void> {
    await stored.updateData(outcome.job);
    await this.#putBack(stored, token, this.#parts.clock.delayUntil(outcome.at));
  }

  async #putBack(stored: StoredJob, token: string | undefined, delayMs: number): Promise<never> {
    await stored.moveToDelayed(Math.ceil(this.#machine.now() + delayMs), token);
    throw new this.#parts.delayed();
  }
}
