import cron from 'node-cron';
import type { Clock } from '../domain/clock.ts';
import type { Observe } from '../domain/happening.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Job } from '../queue/queue.ts';

const MINUTE = 60_000;
const DEFAULT_TICK_MS = 10 * MINUTE;
const SAMPLES = 12;

export interface Schedule {
  stop(): Promise<void>;
}

/**
 * node-cron ticks the plan, in UTC. It stays silent while the wall clock has been set back, and forgets ticks of a
 * blocked loop: a monotonic timer plans when no tick came for two intervals. `plan` also runs at start.
 */
export async function startSchedule(
  tick: string,
  clock: Clock,
  observe: Observe,
  enqueue: (job: Job, at: Instant) => Promise<void>,
): Promise<Schedule> {
  const every = tickMs(tick);
  let last = performance.now();
  const plan = (why: string) => {
    last = performance.now();
    enqueue({ name: 'plan', tick: why }, clock.now()).catch((error: unknown) => {
      observe({
        kind: 'warning',
        message: `a tick could not be queued: ${error instanceof Error ? error.message : 'unknown'}`,
      });
    });
  };
  const task = cron.createTask(tick, ({ date }) => plan(slot(date.getTime())), {
    timezone: 'UTC',
    noOverlap: true,
    missedExecutionTolerance: Math.min(every / 2, 10 * MINUTE),
    suppressMissedWarning: true,
  });
  task.on('execution:missed', () => plan(slot(clock.now())));
  await task.start();
  const behind = setInterval(
    () => {
      if (performance.now() - last > 2 * every) plan(`overdue-${slot(clock.now())}`);
    },
    Math.min(every, MINUTE),
  );
  behind.unref();
  plan(`start-${slot(clock.now())}-${process.pid}`);
  return {
    async stop() {
      clearInterval(behind);
      await task.destroy();
    },
  };
}

/** Ticks of a clock that a test has sped up: cron cannot follow it. */
export function startScaledSchedule(
  everyMs: number,
  clock: Clock,
  enqueue: (job: Job, at: Instant) => Promise<void>,
): Schedule {
  const plan = () => void enqueue({ name: 'plan', tick: slot(clock.now()) }, clock.now()).catch(() => undefined);
  const timer = setInterval(plan, clock.delayUntil(clock.now() + everyMs));
  plan();
  return { stop: async () => clearInterval(timer) };
}

function slot(at: Instant): string {
  return formatInstant(at);
}

/** The longest gap between the next ticks of this cron expression. */
export function tickMs(tick: string): number {
  const task = cron.createTask(tick, () => undefined, { timezone: 'UTC' });
  const runs = task.getNextRuns(SAMPLES).map((run) => run.getTime());
  void task.destroy();
  const gaps = runs.slice(1).map((run, index) => run - (runs[index] ?? run));
  return gaps.length === 0 ? DEFAULT_TICK_MS : Math.max(...gaps);
}
