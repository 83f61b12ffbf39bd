import type { Clock } from '../domain/clock.ts';
import { Fault } from '../domain/fault.ts';
import type { Observe } from '../domain/happening.ts';
import type { Instant } from '../domain/instant.ts';
import { settlesWithin } from '../kit/within.ts';
import { exclusionKey } from './exclusion.ts';
import { type Handler, type Job, type JobName, jobId, type Outcome, type Queue, type QueueStats } from './queue.ts';
import { thrown } from './thrown.ts';

type Concurrency = Readonly<Record<JobName, number>>;

/** The queue of a single process: nothing to install and nothing to persist, because the archive knows what is missing. */
export function openEmbeddedQueue(parts: { readonly clock: Clock; readonly observe: Observe }): Queue {
  return new EmbeddedQueue(parts.clock, parts.observe);
}

interface Entry {
  readonly id: string;
  readonly key: string;
  readonly job: Job;
  readonly at: Instant;
}

interface Run {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** An entry is delayed (until its instant), then ready (for a slot), or parked (its key is busy; it holds no slot), then a run. */
class EmbeddedQueue implements Queue {
  readonly name = 'embedded';
  readonly #clock: Clock;
  readonly #observe: Observe;
  readonly #ids = new Set<string>();
  /** Latest first, so that the next one is popped. */
  readonly #delayed: Entry[] = [];
  readonly #ready: Readonly<Record<JobName, Entry[]>> = { plan: [], collect: [], deliver: [] };
  readonly #parked = new Map<string, Entry[]>();
  readonly #runs = new Map<string, Run>();
  readonly #slots: Record<JobName, number> = { plan: 0, collect: 0, deliver: 0 };
  #work: { readonly handler: Handler; readonly concurrency: Concurrency } | undefined;
  #timer: { readonly at: Instant; readonly controller: AbortController } | undefined;
  #closing = false;

  constructor(clock: Clock, observe: Observe) {
    this.#clock = clock;
    this.#observe = observe;
  }

  async add(job: Job, at: Instant): Promise<void> {
    if (this.#closing) throw new Fault('unreachable', 'the queue is closed');
    const id = jobId(job);
    if (this.#ids.has(id)) return;
    this.#ids.add(id);
    this.#schedule({ id, key: exclusionKey(job), job, at });
  }

  async work(handler: Handler, concurrency: Concurrency): Promise<void> {
    if (this.#work !== undefined) throw new Error('the queue has a handler already');
    this.#work = { handler, concurrency };
    this.#startWaiting();
  }

  async stats(): Promise<QueueStats> {
    const waiting = [...Object.values(this.#ready), ...this.#parked.values()];
    return {
      ready: !this.#closing,
      waiting: waiting.reduce((sum, entries) => sum + entries.length, 0),
      delayed: this.#delayed.length,
      active: this.#runs.size,
    };
  }

  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    this.#timer?.controller.abort();
    const runs = [...this.#runs.values()];
    for (const run of runs) run.controller.abort(new Error('the queue is closing'));
    await settlesWithin(Promise.all(runs.map((run) => run.ended)), graceMs);
  }

  #schedule(entry: Entry): void {
    if (entry.at <= this.#clock.now()) {
      this.#ready[entry.job.name].push(entry);
      this.#start(entry.job.name);
      return;
    }
    this.#delayed.splice(placeOf(entry.at, this.#delayed), 0, entry);
    this.#arm();
  }

  /** One timer, for the soonest. */
  #arm(): void {
    const at = this.#delayed.at(-1)?.at;
    if (this.#closing || at === this.#timer?.at) return;
    this.#timer?.controller.abort();
    this.#timer = undefined;
    if (at === undefined) return;
    const controller = new AbortController();
    this.#timer = { at, controller };
    this.#clock.sleepUntil(at, controller.signal).then(
      () => this.#wake(controller),
      () => undefined, // aborted: another timer was armed, or the queue closes
    );
  }

  #wake(timer: AbortController): void {
    if (this.#closing || timer !== this.#timer?.controller) return;
    this.#timer = undefined;
    const now = this.#clock.now();
    for (let next = this.#delayed.at(-1); next !== undefined && next.at <= now; next = this.#delayed.at(-1)) {
      this.#delayed.pop();
      this.#ready[next.job.name].push(next);
    }
    this.#arm();
    this.#startWaiting();
  }

  #startWaiting(): void {
    for (const name of ['plan', 'collect', 'deliver'] as const) this.#start(name);
  }

  #start(name: JobName): void {
    const work = this.#work;
    if (work === undefined || this.#closing) return;
    while (this.#slots[name] < work.concurrency[name]) {
      const entry = this.#ready[name].shift();
      if (entry === undefined) return;
      if (this.#runs.has(entry.key)) this.#park(entry);
      else this.#run(entry, work.handler);
    }
  }

  #run(entry: Entry, handler: Handler): void {
    const controller = new AbortController();
    this.#slots[entry.job.name] += 1;
    // The handler starts in a later turn: `add` never runs somebody's code.
    const ended = Promise.resolve()
      .then(() => handler(entry.job, controller.signal))
      .catch((error: unknown): Outcome => {
        if (!controller.signal.aborted) this.#observe(thrown(entry.job, error));
        return { do: 'done' };
      })
      .then((outcome) => this.#end(entry, outcome));
    this.#runs.set(entry.key, { controller, ended });
  }

  #end(entry: Entry, outcome: Outcome): void {
    this.#slots[entry.job.name] -= 1;
    this.#runs.delete(entry.key);
    if (outcome.do === 'again') {
      this.#schedule({ id: entry.id, key: exclusionKey(outcome.job), job: outcome.job, at: outcome.at });
    } else {
      this.#ids.delete(entry.id);
    }
    this.#unpark(entry.key);
    this.#start(entry.job.name);
  }

  #park(entry: Entry): void {
    const parked = this.#parked.get(entry.key);
    if (parked === undefined) this.#parked.set(entry.key, [entry]);
    else parked.push(entry);
  }

  /** One at a time; it has waited, so it goes first. */
  #unpark(key: string): void {
    const parked = this.#parked.get(key);
    const next = parked?.shift();
    if (next !== undefined) this.#ready[next.job.name].unshift(next);
    if (parked?.length === 0) this.#parked.delete(key);
  }
}

/** Where an entry for that instant belongs in a list that is sorted latest first; behind it come those that are sooner, or as soon but added before. */
function placeOf(at: Instant, latestFirst: readonly Entry[]): number {
  let low = 0;
  let high = latestFirst.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((latestFirst[middle]?.at ?? at) > at) low = middle + 1;
    else high = middle;
  }
  return low;
}
