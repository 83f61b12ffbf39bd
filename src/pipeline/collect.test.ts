import { expect, test } from 'vitest';
import { AWS_SOURCE, csvOf, HOUR, rawReport, type TestStage, testStage } from '../../test/kit/stage.ts';
import { Fault } from '../domain/fault.ts';
import type { Job } from '../queue/queue.ts';
import { collect } from './collect.ts';
import { release } from './quarantine.ts';
import { configuredSources } from './stage.ts';

const JOB: Extract<Job, { name: 'collect' }> = { name: 'collect', source: AWS_SOURCE, due: 'first', attempt: 0 };
const calm = new AbortController().signal;

async function collectReport(test: TestStage, csv: string): Promise<void> {
  test.steps.push({ do: 'keep', report: rawReport(test.clock.now(), csv) });
  await collect(JOB, test.stage, calm);
}

const team = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);

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

test('when more than half is gone the report is kept apart, and nothing is diffed against it', async () => {
  const given = testStage();
  await collectReport(given, csvOf(team(60)));
  given.clock.move(5 * HOUR);

  await collectReport(given, csvOf(team(10)));

  expect((await given.stage.archive.head(AWS_SOURCE))?.number).toBe(1);
  const [quarantined] = await given.stage.archive.quarantined(AWS_SOURCE);
  expect(quarantined?.reason).toContain('rows collapsed from 61 to 11');
});

test('a quarantined report makes its source wait for a whole cadence', async () => {
  const given = testStage();
  await collectReport(given, csvOf(team(60)));
  given.clock.move(5 * HOUR);
  await collectReport(given, csvOf(team(10)));
  given.clock.move(1 * HOUR);

  expect(await collect(JOB, given.stage, calm)).toEqual({ do: 'done' });
  expect(given.looks).toHaveLength(2);
});

test('a real clean-up gets through when the next report says the same', async () => {
  const given = testStage();
  await collectReport(given, csvOf(team(60)));
  given.clock.move(5 * HOUR);
  await collectReport(given, csvOf(team(10)));
  given.clock.move(5 * HOUR);

  await collectReport(given, csvOf(team(9)));

  const head = await given.stage.archive.head(AWS_SOURCE);
  expect(head).toMatchObject({ number: 2, manifest: { rows: 10 } });
});

test('a person may accept what the guard held back', async () => {
  const given = testStage();
  await collectReport(given, csvOf(team(60)));
  given.clock.move(5 * HOUR);
  await collectReport(given, csvOf(team(10)));
  const [quarantined] = await given.stage.archive.quarantined(AWS_SOURCE);
  const [target] = configuredSources(given.stage.accounts);
  const kind = given.stage.kind(AWS_SOURCE);

  const kept = await release(target!, kind!, quarantined!, given.stage);

  expect(kept.kind).toBe('archived');
  expect((await given.stage.archive.quarantined(AWS_SOURCE))[0]?.decision).toBe('accepted');
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

test('a report from the future goes to quarantine', async () => {
  const given = testStage();
  given.steps.push({ do: 'keep', report: rawReport(given.clock.now() + 10 * 60_000, csvOf(['alice'])) });

  await collect(JOB, given.stage, calm);

  expect((await given.stage.archive.quarantined(AWS_SOURCE))[0]?.reason).toContain('future');
});

test('other bytes for the same generation time go to quarantine, and the same bytes are no second report', async () => {
  const given = testStage();
  const at = given.clock.now();
  await collectReport(given, csvOf(['alice']));
  given.clock.move(5 * HOUR);

  for (const users of [['alice'], ['mallory']]) {
    given.steps.push({ do: 'keep', report: rawReport(at, csvOf(users)) });
    await collect(JOB, given.stage, calm);
  }

  expect((await given.stage.archive.head(AWS_SOURCE))?.number).toBe(1);
  expect((await given.stage.archive.quarantined(AWS_SOURCE)).map(({ reason }) => reason)).toEqual([
    'another report with the same generation time is archived',
  ]);
});

test('bytes on which the parser died three times are set aside unread', async () => {
  const given = testStage();
  const csv = csvOf(['alice']);
  const dying = {
    ...given.stage,
    kind: () => ({
      cadenceMs: 4 * HOUR,
      permissions: { required: [], optional: [] },
      parse: () => {
        throw new Error('out of memory');
      },
    }),
  };
  for (let crash = 0; crash < 4; crash++) {
    given.steps.push({ do: 'keep', report: rawReport(given.clock.now(), csv) });
    await collect(JOB, dying, calm).catch(() => undefined);
  }

  expect((await given.stage.archive.quarantined(AWS_SOURCE))[0]?.reason).toContain('died on it 3 times');
});

test('a stand-in for the cloud may leave the root row out', async () => {
  const given = testStage();
  const rootless = csvOf(['alice'])
    .split('\n')
    .filter((line) => !line.startsWith('<root'))
    .join('\n');
  given.steps.push({ do: 'keep', report: rawReport(given.clock.now(), rootless) });

  await collect(JOB, { ...given.stage, isRealCloud: () => false }, calm);

  expect((await given.stage.archive.head(AWS_SOURCE))?.number).toBe(1);
});

test('rows of another account are not filed under this one', async () => {
  const given = testStage();
  given.steps.push({
    do: 'keep',
    report: rawReport(given.clock.now(), csvOf(['alice']).replaceAll('123456789012', '210987654321')),
  });

  await collect(JOB, given.stage, calm);

  expect((await given.stage.archive.quarantined(AWS_SOURCE))[0]?.reason).toBe(
    'its rows belong to account 210987654321',
  );
});
