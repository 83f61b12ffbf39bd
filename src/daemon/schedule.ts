import cron from 'node-cron';
import type { Clock } from '../domain/clock.ts';
import type { Observe } from '../domain/happening.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Job } from '../queue/queue.ts';

const MINUTE = 60_000;
const DEFAULT_TICK_MS = 10 * MINUTE;
/** Enough to see the night of a tick that comes every five minutes by day. */
const SAMPLES = 300;

export interface Schedule {
  stop(): Promise<void>;
}

/** What ticks: node-cron, and a timer that no change of the wall clock touches. A test hands in its own. */
export interface Ticker {
  cron(tick: string, toleranceMs: number, onTick: (slot: Instant) => void, onMissed: () => void): Promise<Stop>;
  monotonicMs(): number;
  every(ms: number, look: () => void): Stop;
}

type Stop = () => void | Promise<void>;

type Enqueue = (job: Job, at: Instant) => Promise<void>;

/**
 * node-cron ticks the plan, in UTC. It stays silent while the wall clock has been set back, and forgets ticks of a
 * blocked loop: a monotonic timer plans when no tick came for two intervals. `plan` also runs at start.
 */
export async function startSchedule(
  tick: string,
  clock: Clock,
  observe: Observe,
  enqueue: Enqueue,
  ticker: Ticker = SYSTEM_TICKER,
): Promise<Schedule> {
  const every = tickMs(tick);
  let last = ticker.monotonicMs();
  const plan = (why: string) => {
    last = ticker.monotonicMs();
    enqueue({ name: 'plan', tick: why }, clock.now()).catch((error: unknown) => {
      const message = `a tick could not be queued: ${error instanceof Error ? error.message : 'unknown'}`;
      observe({ kind: 'warning', message });
    });
  };
  const stopCron = await ticker.cron(
    tick,
    Math.min(every / 2, 10 * MINUTE),
    (slot) => plan(formatInstant(slot)),
    () => plan(formatInstant(clock.now())),
  );
  const stopLooking = ticker.every(Math.min(every, MINUTE), () => {
    if (ticker.monotonicMs() - last > 2 * every) plan(`overdue-${formatInstant(clock.now())}`);
  });
  plan(`start-${formatInstant(clock.now())}-${process.pid}`);
  return {
    async stop() {
      await stopLooking();
      await stopCron();
    },
  };
}

const SYSTEM_TICKER: Ticker = {
  async cron(tick, toleranceMs, onTick, onMissed) {
    const task = cron.createTask(tick, ({ date }) => onTick(date.getTime()), {
      timezone: 'UTC',
      noOverlap: true,
      missedExecutionTolerance: toleranceMs,
      suppressMissedWarning: true,
    });
    task.on('execution:missed', onMissed);
    await task.start();
    return () => task.destroy();
  },
  monotonicMs: () => performance.now(),
  every(ms, look) {
    const timer = setInterval(look, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
};

/** Ticks of a clock that a test has sped up: cron cannot follow it. */
export function startScaledSchedule(everyMs: number, clock: Clock, enqueue: Enqueue): Schedule {
  const plan = () =>
    void enqueue({ name: 'plan', tick: formatInstant(clock.now()) }, clock.now()).catch(() => undefined);
  const timer = setInterval(plan, clock.delayUntil(clock.now() + everyMs));
  plan();
  return { stop: async () => clearInterval(timer) };
}

/** The longest gap between the next ticks of this cron expression. */
export function tickMs(tick: string): number {
  const task = cron.createTask(tick, () => undefined, { timezone: 'UTC' });
  const runs = task.getNextRuns(SAMPLES).map((run) => run.getTime());
  void task.destroy();
  const gaps = runs.slice(1).map((run, index) => run - (runs[index] ?? run));
  return gaps.length === 0 ? DEFAULT_TICK_MS : Math.max(...gaps);
}
