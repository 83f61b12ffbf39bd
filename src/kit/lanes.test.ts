import { expect, test } from 'vitest';
import { movableClock, passing } from '../../test/kit/movable-clock.ts';
import { lanes } from './lanes.ts';

test('however long the way is, no more than two arrive in any second', async () => {
  const clock = movableClock();
  const turn = lanes(2, clock);
  const arrived: number[] = [];
  const { signal } = new AbortController();

  const calls = Array.from({ length: 40 }, async (_, index) => {
    const end = await turn(signal);
    await clock.sleepUntil(clock.now() + ((index * 137) % 900), signal); // on its way
    arrived.push(clock.now());
    await clock.sleepUntil(clock.now() + ((index * 71) % 300), signal); // and back
    end();
  });
  await passing(clock, Promise.all(calls), 7);

  const most = Math.max(...arrived.map((from) => arrived.filter((at) => at >= from && at < from + 1_000).length));
  expect(arrived).toHaveLength(40);
  expect(most).toBe(2);
});

test('a new process rests a second first: another may have asked just now', async () => {
  const clock = movableClock();
  const began = clock.now();

  const end = await passing(clock, lanes(2, clock)(new AbortController().signal));
  end();

  expect(clock.now() - began).toBeGreaterThanOrEqual(1_000);
});

test('who gives up waiting keeps nobody else out', async () => {
  const clock = movableClock();
  const turn = lanes(1, clock);
  const control = new AbortController();
  const given = turn(control.signal);

  control.abort(new Error('stop'));
  await expect(given).rejects.toThrow('stop');
  const end = await passing(clock, turn(new AbortController().signal));

  expect(end).toBeTypeOf('function');
});
