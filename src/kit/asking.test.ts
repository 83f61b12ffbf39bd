import { expect, test } from 'vitest';
import type { Clock } from '../domain/clock.ts';
import { Fault } from '../domain/fault.ts';
import { type Asker, ask } from './asking.ts';

const MINUTE_MS = 60_000;

test('a longer pause than we wait for is a fault at once', async () => {
  const { asker, clock } = setUp();

  const told = await ask(throttledOnce(MINUTE_MS), asker);

  expect(told).toMatchObject({ fault: { kind: 'throttled' } });
  expect(clock.now()).toBe(0);
});

test('whoever is impatient asks again after half a minute', async () => {
  const { asker, clock } = setUp();

  const told = await ask(throttledOnce(MINUTE_MS), { ...asker, isImpatient: true });

  expect(told).toEqual({ told: 'answer' });
  expect(clock.now()).toBe(30_000);
});

test.each([false, true])('a shorter pause is kept (impatient: %s)', async (isImpatient) => {
  const { asker, clock } = setUp();

  const told = await ask(throttledOnce(7_000), { ...asker, isImpatient });

  expect(told).toEqual({ told: 'answer' });
  expect(clock.now()).toBe(7_000);
});

function throttledOnce(retryAfterMs: number): () => Promise<string> {
  let calls = 0;
  return async () => {
    calls += 1;
    if (calls === 1) throw new Fault('throttled', 'too many calls', { retryAfterMs });
    return 'answer';
  };
}

/** A clock on which sleeping takes no time but its own. */
function setUp() {
  let now = 0;
  const clock: Clock = {
    now: () => now,
    delayUntil: (until) => Math.max(0, until - now),
    sleepUntil: async (until) => {
      now = until;
    },
  };
  const asker: Asker = { pace: async () => undefined, clock, signal: new AbortController().signal };
  return { asker, clock };
}
