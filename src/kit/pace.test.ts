import { expect, test } from 'vitest';
import { movableClock } from '../../test/kit/movable-clock.ts';
import { pace } from './pace.ts';

test('turns are spread evenly, and the first is at once', async () => {
  const clock = movableClock();
  const turn = pace(4, clock);
  const { signal } = new AbortController();

  await turn(signal);
  const second = turn(signal);
  const third = turn(signal);
  clock.move(250);
  await second;

  expect(clock.sleepers).toBe(1);
  clock.move(250);
  await third;
});

test('nobody waits after a pause', async () => {
  const clock = movableClock();
  const turn = pace(1, clock);
  const { signal } = new AbortController();
  await turn(signal);
  clock.move(5_000);

  await turn(signal);

  expect(clock.sleepers).toBe(0);
});

test('the signal ends a wait', async () => {
  const turn = pace(1, movableClock());
  const control = new AbortController();
  await turn(control.signal);
  const waiting = turn(control.signal);

  control.abort(new Error('stopping'));

  await expect(waiting).rejects.toThrow('stopping');
});
