import { expect, test } from 'vitest';
import { movableClock } from '../../test/kit/movable-clock.ts';
import type { Happening } from '../domain/happening.ts';
import { readiness } from './readiness.ts';

const HOUR = 3_600_000;
const planned = (clockBehindMs: number): Happening => ({
  kind: 'planned',
  sources: 1,
  due: 0,
  behind: 0,
  clockBehindMs,
  ms: 1,
});
const queue = (ready: boolean) => ({ stats: async () => ({ ready, waiting: 0, delayed: 0, active: 0 }) });

test('it is not ready before it has started, nor while its queue does not answer', async () => {
  const readied = readiness(movableClock());
  expect(await readied.notReady(queue(true))).toBe('it is still starting');

  readied.starts();

  expect(await readied.notReady(queue(false))).toBe('the queue does not answer');
  expect(await readied.notReady(queue(true))).toBeUndefined();
});

test('a clock that is set back after a plan is told without a word of reports', async () => {
  const clock = movableClock(Date.UTC(2026, 10, 20, 9));
  const readied = readiness(clock);
  readied.starts();
  readied.hears(planned(0));
  clock.move(-2 * HOUR);

  expect(await readied.notReady(queue(true))).toBe(
    "this machine's clock is wrong, or another's was: it says 2026-11-20T07:00:00Z, and the last look at the archive was at 2026-11-20T09:00:00Z; until then nothing that is due is seen; set it by NTP",
  );
});

test('a clock behind the newest report says so', async () => {
  const readied = readiness(movableClock(Date.UTC(2026, 10, 20, 9)));
  readied.starts();
  readied.hears(planned(2 * HOUR));

  expect(await readied.notReady(queue(true))).toContain(
    'the archive holds a report that was collected at 2026-11-20T11:00:00Z;',
  );
});
