import { expect, test } from 'vitest';
import { runPoliteness } from '../faults/politeness-run.ts';
import { ensureBuilt, MAIN } from '../kit/built-cli.ts';

const MINUTE_MS = 60_000;

/** The long form, with 330 sources and 48 hours, is `npm run test:politeness`. */
test('three workers with different clocks ask each cloud once in a window, whatever is killed or flushed', async () => {
  await ensureBuilt();

  const { audit, kills, flushes, undelivered, stoppedWell } = await runPoliteness({
    sources: 40,
    hours: 4.5,
    rate: 900,
    skewsMs: [-MINUTE_MS, 0, MINUTE_MS],
    kills: [
      { at: 0.3, worker: 2 },
      { at: 0.6, worker: 0 },
    ],
    flushes: [0.2, 0.5],
    main: MAIN,
    say: () => undefined,
  });

  expect({ kills, flushes, undelivered, stoppedWell }).toEqual({
    kills: 2,
    flushes: 2,
    undelivered: 0,
    stoppedWell: true,
  });
  expect(audit).toMatchObject({
    early: 0,
    earlyStarted: 0,
    doubleStarted: 0,
    missedWindows: 0,
    neverHeld: 0,
    broken: [],
  });
  expect(audit.started).toBeGreaterThan(20);
});
