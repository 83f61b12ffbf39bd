import type { Clock } from '../domain/clock.ts';
import type { Happening } from '../domain/happening.ts';
import { clockBehindMs, clockInWords, LAST_LOOK, NEWEST_REPORT } from '../pipeline/clock-behind.ts';
import type { Queue } from '../queue/queue.ts';

/** Any of the workers may take the plan: this one is ready when it works, its clock is well and its queue answers. */
export function readiness(clock: Clock) {
  let isStarted = false;
  let newest = 0;
  let witness = LAST_LOOK;
  return {
    starts(): void {
      isStarted = true;
    },
    hears(happening: Happening): void {
      if (happening.kind !== 'planned') return;
      newest = clock.now() + happening.clockBehindMs;
      witness = happening.clockBehindMs > 0 ? NEWEST_REPORT : LAST_LOOK;
    },
    async notReady(queue: Pick<Queue, 'stats'>): Promise<string | undefined> {
      if (!isStarted) return 'it is still starting';
      const behindMs = clockBehindMs([newest], clock.now());
      if (behindMs > 0) return clockInWords(behindMs, clock.now(), witness);
      const { ready } = await queue.stats();
      return ready ? undefined : 'the queue does not answer';
    },
  };
}
