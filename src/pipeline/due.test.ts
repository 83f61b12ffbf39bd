import { expect, test } from 'vitest';
import { AWS_SOURCE, csvOf, HOUR, rawReport, type TestStage, testStage } from '../../test/kit/stage.ts';
import type { Job } from '../queue/queue.ts';
import { collect } from './collect.ts';
import { dueAt } from './due.ts';

const JOB: Extract<Job, { name: 'collect' }> = { name: 'collect', source: AWS_SOURCE, due: 'first', attempt: 0 };
const WAITING = { ...JOB, state: { step: 'generating' } };
const calm = new AbortController().signal;

/** Collects a first report, and lets the time pass until so many minutes before the next one is due. */
async function minutesBeforeDue(minutes: number): Promise<TestStage & { readonly due: number }> {
  const test = testStage();
  const generatedAt = test.clock.now();
  test.steps.push({ do: 'keep', report: rawReport(generatedAt, csvOf(['alice'])) });
  await collect(JOB, test.stage, calm);
  const due = dueAt(AWS_SOURCE, generatedAt, 4 * HOUR);
  test.clock.move(due - minutes * 60_000 - generatedAt);
  return Object.assign(test, { due });
}

test('a clock that is a minute ahead of the cloud does not ask before the cloud makes a new report', () => {
  expect(dueAt(AWS_SOURCE, 0, 4 * HOUR) - 60_000).toBeGreaterThanOrEqual(4 * HOUR);
});

test('what a clock that is ahead took up too early is looked at when it is due', async () => {
  const given = await minutesBeforeDue(1);

  expect(await collect(JOB, given.stage, calm)).toEqual({ do: 'again', at: given.due, job: JOB });
  expect(given.looks).toHaveLength(1);
});

test('a wait goes on by a clock that says it is not quite due', async () => {
  const given = await minutesBeforeDue(2);
  given.steps.push({ do: 'keep', report: rawReport(given.clock.now(), csvOf(['alice', 'bob'])) });

  await collect(WAITING, given.stage, calm);

  expect((await given.stage.archive.head(AWS_SOURCE))?.number).toBe(2);
});

test('a wait ends without a call when somebody else brought the report meanwhile', async () => {
  const given = await minutesBeforeDue(239);

  expect(await collect(WAITING, given.stage, calm)).toEqual({ do: 'done' });
  expect(given.looks).toHaveLength(1);
});
