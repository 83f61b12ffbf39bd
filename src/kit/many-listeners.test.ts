import { expect, onTestFinished, test } from 'vitest';
import { movableClock } from '../../test/kit/movable-clock.ts';
import { systemClock } from './clock.ts';
import { withDeadline } from './deadline.ts';

/** One signal stops the whole process, and hundreds wait on it at a time: that is no leak. */
test.each<[string, (signal: AbortSignal) => Promise<unknown>]>([
  ['sleep', (signal) => systemClock().sleepUntil(Date.now() + 20, signal)],
  ['sleep by a clock of tests', sleepMoved],
  ['work against a deadline', (signal) => withDeadline(signal, 1_000, () => new Promise((end) => setImmediate(end)))],
])('many may %s on one signal without a warning of a leak', async (_, wait) => {
  const warnings: string[] = [];
  const note = ({ name }: Error) => void warnings.push(name);
  process.on('warning', note);
  onTestFinished(() => void process.off('warning', note));
  const { signal } = new AbortController();

  await Promise.all(Array.from({ length: 40 }, () => wait(signal)));
  await new Promise((next) => setImmediate(next));

  expect(warnings).toEqual([]);
});

function sleepMoved(signal: AbortSignal): Promise<void> {
  const clock = movableClock();
  const slept = clock.sleepUntil(clock.now() + 20, signal);
  setImmediate(() => clock.move(20));
  return slept;
}
