import { expect, test } from 'vitest';
import { memoryStore } from '../../test/kit/memory-store.ts';
import { AWS_SOURCE, csvOf, HOUR, rawReport, type TestStage, testStage } from '../../test/kit/stage.ts';
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

/** Sixty users, and five hours later a report with ten. */
async function collapsed(): Promise<TestStage> {
  const given = testStage();
  await collectReport(given, csvOf(team(60)));
  given.clock.move(5 * HOUR);
  await collectReport(given, csvOf(team(10)));
  return given;
}

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
  const given = await collapsed();
  given.clock.move(1 * HOUR);

  expect(await collect(JOB, given.stage, calm)).toEqual({ do: 'done' });
  expect(given.looks).toHaveLength(2);
});

test('a real clean-up gets through when the next report says the same', async () => {
  const given = await collapsed();
  given.clock.move(5 * HOUR);

  await collectReport(given, csvOf(team(9)));

  const head = await given.stage.archive.head(AWS_SOURCE);
  expect(head).toMatchObject({ number: 2, manifest: { rows: 10 } });
});

test('a person may accept what the guard held back', async () => {
  const given = await collapsed();
  const [quarantined] = await given.stage.archive.quarantined(AWS_SOURCE);
  const [target] = configuredSources(given.stage.accounts);
  const kind = given.stage.kind(AWS_SOURCE);

  const kept = await release(target!, kind!, quarantined!, given.stage);

  expect(kept.kind).toBe('archived');
  expect((await given.stage.archive.quarantined(AWS_SOURCE))[0]?.decision).toBe('accepted');
});

test('a report from the future goes to quarantine', async () => {
  const given = testStage();
  given.steps.push({ do: 'keep', report: rawReport(given.clock.now() + 10 * 60_000, csvOf(['alice'])) });

  await collect(JOB, given.stage, calm);

  expect((await given.stage.archive.quarantined(AWS_SOURCE))[0]?.reason).toContain('future');
});

test('another release leaves a report from the future where it is, and the source is collected as before', async () => {
  const given = testStage();
  const now = given.clock.now();
  const report = { ...rawReport(now + 24 * HOUR, csvOf(['alice'])), collectedAt: now };
  given.steps.push({ do: 'keep', report });
  await collect(JOB, given.stage, calm);
  given.clock.move(5 * HOUR);
  Object.assign(given.stage, { version: '0.2.0' });

  await collectReport(given, csvOf(['alice', 'bob']));

  expect(await given.stage.archive.head(AWS_SOURCE)).toMatchObject({ number: 1, manifest: { rows: 3 } });
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

test('a report in quarantine does not vouch for itself when the cloud serves it again', async () => {
  const given = testStage();
  await collectReport(given, csvOf(team(60)));
  given.clock.move(5 * HOUR);
  const again = rawReport(given.clock.now(), csvOf(team(10)));
  for (let look = 0; look < 2; look++) {
    given.clock.move(5 * HOUR);
    given.steps.push({ do: 'keep', report: again });
    await collect(JOB, given.stage, calm);
  }

  expect((await given.stage.archive.head(AWS_SOURCE))?.number).toBe(1);
  expect(await given.stage.archive.quarantined(AWS_SOURCE)).toHaveLength(1);
});

test('a rejected report still counts for when the source is due', async () => {
  const given = await collapsed();
  const [quarantined] = await given.stage.archive.quarantined(AWS_SOURCE);
  await given.stage.archive.decide(quarantined!, 'rejected', given.clock.now());
  given.clock.move(HOUR);

  expect(await collect(JOB, given.stage, calm)).toEqual({ do: 'done' });
  expect(given.looks).toHaveLength(2);
});

test('what was in quarantine is superseded when a newer report joins, and accepted only when it joined itself', async () => {
  const given = await collapsed();
  given.clock.move(5 * HOUR);
  await collectReport(given, csvOf(team(10)));
  const [quarantined] = await given.stage.archive.quarantined(AWS_SOURCE);
  const [target] = configuredSources(given.stage.accounts);

  expect(quarantined?.decision).toBe('superseded');
  expect((await release(target!, given.stage.kind(AWS_SOURCE)!, quarantined!, given.stage)).kind).toBe('dropped');
});

test('a person may accept even bytes on which the parser once died, and what was not visible is kept', async () => {
  const given = testStage();
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
  const report = { ...rawReport(given.clock.now(), csvOf(['alice'])), notVisible: ['roles'], cloudName: 'acme' };
  for (let crash = 0; crash < 4; crash++) {
    given.steps.push({ do: 'keep', report });
    await collect(JOB, dying, calm).catch(() => undefined);
  }
  const [quarantined] = await given.stage.archive.quarantined(AWS_SOURCE);
  const [target] = configuredSources(given.stage.accounts);

  const kept = await release(target!, given.stage.kind(AWS_SOURCE)!, quarantined!, given.stage);

  if (kept.kind !== 'archived') throw new Error(kept.kind);
  const parts = await given.stage.archive.parts(kept.entry, ['context.json']);
  expect(JSON.parse(Buffer.from(parts.get('context.json')!).toString())).toMatchObject({
    not_visible: ['roles'],
    account: { cloud_name: 'acme' },
  });
});

test('a look at a source lists its quarantine once', async () => {
  const store = memoryStore();
  const listed: string[] = [];
  const list: typeof store.list = (prefix, after) => {
    listed.push(prefix);
    return store.list(prefix, after);
  };
  const given = testStage({ store: { ...store, list } });

  await collectReport(given, csvOf(team(2)));

  expect((await given.stage.archive.head(AWS_SOURCE))?.number).toBe(1);
  expect(listed.filter((prefix) => prefix.startsWith('quarantine/'))).toEqual([`quarantine/${AWS_SOURCE}/`]);
});
