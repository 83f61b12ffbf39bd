import { describe, expect, test } from 'vitest';
import { movableClock } from '../../test/kit/movable-clock.ts';
import { rateLimit } from './rate.ts';

describe('rateLimit', () => {
  test('no second holds more than it may, even after a stall', async () => {
    const clock = movableClock();
    const limit = rateLimit(20, clock);
    const passed: number[] = [];
    const signal = new AbortController().signal;
    const all = Promise.all(Array.from({ length: 90 }, () => limit(signal).then(() => passed.push(clock.now()))));

    for (let turn = 0; passed.length < 90; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (clock.sleepers > 0) clock.move(turn === 30 ? 700 : 7);
    }
    await all;

    const most = Math.max(...passed.map((from) => passed.filter((at) => at >= from && at < from + 1_000).length));
    expect(most).toBeLessThanOrEqual(20);
    expect(most).toBeGreaterThan(15);
  });

  test('whoever gives up waiting holds nobody up', async () => {
    const clock = movableClock();
    const limit = rateLimit(1, clock);
    const control = new AbortController();
    await limit(control.signal);
    const given = limit(control.signal);
    const patient = limit(new AbortController().signal);
    while (clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));

    control.abort(new Error('gone'));

    await expect(given).rejects.toThrow('gone');
    while (clock.sleepers < 2) await new Promise((resolve) => setImmediate(resolve));
    clock.move(1_100);
    await expect(patient).resolves.toBeUndefined();
  });
});
