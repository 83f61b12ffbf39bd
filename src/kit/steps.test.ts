import { expect, test } from 'vitest';
import { atOnce, inTurns, type Steps } from './steps.ts';

function* counting(to: number, work: () => void = () => undefined): Steps<number> {
  for (let at = 0; at < to; at += 1) {
    work();
    yield;
  }
  return to;
}

test('work in steps comes to the same at once and in turns', async () => {
  expect(atOnce(counting(1_000))).toBe(1_000);
  expect(await inTurns(counting(1_000))).toBe(1_000);
});

test('others have their turns while long work goes on', async () => {
  let isDone = false;
  let turns = 0;
  const other = () => {
    turns += 1;
    if (!isDone) setImmediate(other);
  };
  setImmediate(other);

  await inTurns(counting(12, () => busyFor(6)));
  isDone = true;

  expect(turns).toBeGreaterThanOrEqual(3);
});

test('a step that throws ends the work', async () => {
  const broken = () => {
    throw new Error('broken');
  };

  expect(() => atOnce(counting(1, broken))).toThrow('broken');
  await expect(inTurns(counting(1, broken))).rejects.toThrow('broken');
});

function busyFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
