import { expect, test } from 'vitest';
import { movableClock } from '../../test/kit/movable-clock.ts';
import { auditLastsMs, shiftOf, workThrough } from './shift.ts';

const MINUTE_MS = 60_000;

test('work is laid aside when the shift is over, and what is under way is finished', async () => {
  const clock = movableClock();
  const done: number[] = [];

  const shift = shiftOf(clock.now(), clock);
  const left = await workThrough([0, 1, 2, 3, 4], 2, shift, async (item) => {
    shift.begin();
    clock.move(15_000);
    done.push(item);
    return 'done';
  });

  expect(done).toEqual([0, 1]);
  expect(left).toBe(3);
});

test('what is unfinished is left too', async () => {
  const clock = movableClock();

  const left = await workThrough(['a', 'b'], 2, shiftOf(clock.now(), clock), async (item) =>
    item === 'a' ? 'done' : 'unfinished',
  );

  expect(left).toBe(1);
});

test('reading what was kept is no part of the shift, and who read for long asks for longer', () => {
  const clock = movableClock();
  const shift = shiftOf(clock.now(), clock);

  clock.move(60_000);
  const whileReading = shift.isOver();
  shift.begin();
  clock.move(119_000);

  expect([whileReading, shift.isOver()]).toEqual([false, false]);
  clock.move(1_000);
  expect(shift.isOver()).toBe(true);
});

test.each([
  [1, 1],
  [6, 3],
  [24, 12],
  [168, 12],
])('of an audit every %i hours, answers stay usable for %i', (every, lasts) => {
  expect(auditLastsMs(every * 60 * MINUTE_MS)).toBe(lasts * 60 * MINUTE_MS);
});

test('work that may take long is laid aside after an hour too', () => {
  const clock = movableClock();
  const startedAt = clock.now();

  clock.move(90 * MINUTE_MS);
  const shift = shiftOf(startedAt, clock, 12 * 60 * MINUTE_MS);
  shift.begin();
  clock.move(MINUTE_MS);

  expect(shift.isOver()).toBe(true);
});

test('before the attempt is given up, the work is not laid aside any more', () => {
  const clock = movableClock();
  const startedAt = clock.now();

  clock.move(41 * MINUTE_MS);
  const shift = shiftOf(startedAt, clock);
  shift.begin();
  clock.move(60 * MINUTE_MS);

  expect(shift.isOver()).toBe(false);
});
