import { expect, test } from 'vitest';
import { AWS_SOURCE, csvOf, HOUR, rawReport, type TestStage, testStage } from '../../test/kit/stage.ts';
import { until } from '../../test/kit/until.ts';
import { Fault } from '../domain/fault.ts';
import type { Job } from '../queue/queue.ts';
import { collect } from './collect.ts';

const JOB: Extract<Job, { name: 'collect' }> = { name: 'collect', source: AWS_SOURCE, due: 'first', attempt: 0 };
const calm = new AbortController().signal;

async function collectReport(test: TestStage, csv: string): Promise<void> {
  test.steps.push({ do: 'keep', report: rawReport(test.clock.now(), csv) });
  await collect(JOB, test.stage, calm);
}

test('a report that is handed over is archived, and its delivery and next look are queued', async () => {
  const given = testStage();

  await collectReport(given, csvOf(['alice']));

  const head = await given.stage.archive.head(AWS_SOURCE);
  expect(head?.number).toBe(1);
  expect(given.queued.map(({ job }) => job)).toMatchObject([{ name: 'deliver', sink: 'siem', upTo: 1 }]);
});

test('a source that is not due is not asked, whatever the job says', async () => {
  const given = testStage();
  await collectReport(given, csvOf(['alice']));
  given.clock.move(3 * HOUR);

  expect(await collect(JOB, given.stage, calm)).toEqual({ do: 'done' });
  expect(given.looks).toHaveLength(1);
});

test('a wait costs no worker and hands its small state to the next look', async () => {
  const given = testStage();
  const until = given.clock.now() + 2_000;
  given.steps.push({ do: 'wait', until, state: { step: 'generating' }, why: 'it is being made' });

  const outcome = await collect(JOB, given.stage, calm);

  expect(outcome).toEqual({ do: 'again', at: until, job: { ...JOB, state: { step: 'generating' } } });
});

test('credentials of another account file nothing', async () => {
  const given = testStage();
  given.identity = { accountId: '999999999999', principal: 'arn:aws:iam::999999999999:user/x' };
  given.steps.push({ do: 'keep', report: rawReport(given.clock.now(), csvOf([])) });

  const outcome = await collect(JOB, given.stage, calm);

  expect(outcome.do).toBe('again');
  expect(given.happenings).toContainEqual(
    expect.objectContaining({
      kind: 'fault',
      fault: 'misconfigured',
      message: expect.stringContaining('999999999999'),
    }),
  );
  expect(await given.stage.archive.head(AWS_SOURCE)).toBeUndefined();
});

test('a job for something that the config does not list does nothing', async () => {
  const given = testStage();

  expect(await collect({ ...JOB, source: 'aws/../../etc' }, given.stage, calm)).toEqual({ do: 'done' });
  expect(await collect({ ...JOB, source: 'aws/000000000000/credential-report' }, given.stage, calm)).toEqual({
    do: 'done',
  });
  expect(given.looks).toEqual([]);
});

test('a throttled cloud is asked later, as it wishes, and raises no alarm before the third time', async () => {
  const given = testStage();
  let job = JOB;
  for (let attempt = 1; attempt <= 3; attempt++) {
    given.steps.push(new Fault('throttled', 'slow down', { retryAfterMs: 30_000 }));
    const outcome = await collect(job, given.stage, calm);
    if (outcome.do !== 'again' || outcome.job.name !== 'collect') throw new Error('it gave up');
    expect(outcome.at).toBeGreaterThanOrEqual(given.clock.now() + 30_000);
    const state = await given.stage.archive.series(['state', 'sources', ...AWS_SOURCE.split('/')]).latest();
    expect(state === undefined).toBe(attempt < 3);
    job = outcome.job;
  }
});

test.each([
  ['an empty answer', ''],
  ['a page of HTML', '<html><body>502 Bad Gateway</body></html>'],
  [
    'a table without its root row',
    csvOf(['alice'])
      .split('\n')
      .filter((line) => !line.startsWith('<root'))
      .join('\n'),
  ],
  ['a table cut in the middle of a row', csvOf(['alice', 'bob']).slice(0, -40)],
])('%s is kept as evidence and joins no chain', async (_what, csv) => {
  const given = testStage();

  await collectReport(given, csv);

  expect(await given.stage.archive.head(AWS_SOURCE)).toBeUndefined();
  expect(await given.stage.archive.quarantined(AWS_SOURCE)).toHaveLength(1);
});

test('a report that claims to be of next year does not stop its source until then', async () => {
  const given = testStage();
  given.steps.push({
    do: 'keep',
    report: { ...rawReport(given.clock.now() + 365 * 24 * HOUR, csvOf(['a'])), collectedAt: given.clock.now() },
  });
  await collect(JOB, given.stage, calm);
  given.clock.move(5 * HOUR);

  await collectReport(given, csvOf(['a']));

  expect((await given.stage.archive.head(AWS_SOURCE))?.number).toBe(1);
});

test('while others parse and judge, a source is asked already, and its report waits for a desk', async () => {
  const given = testStage();
  await given.stage.desks.take();
  const collecting = collectReport(given, csvOf(['alice']));
  await until('the cloud was asked', () => given.looks.length === 1);
  expect(await given.stage.archive.head(AWS_SOURCE)).toBeUndefined();

  given.stage.desks.give();
  await collecting;

  expect((await given.stage.archive.head(AWS_SOURCE))?.number).toBe(1);
});
