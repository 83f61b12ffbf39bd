import { expect, test } from 'vitest';
import { ACCOUNT, AWS_SOURCE, csvOf, HOUR, rawReport, type TestStage, testStage } from '../../test/kit/stage.ts';
import { COLLECT_ONLY, DELIVER_ONLY } from '../domain/duties.ts';
import { Fault } from '../domain/fault.ts';
import { collect, collectOnce } from './collect.ts';
import { deliverSource } from './deliver.ts';
import { coldStartAt, dueAt } from './due.ts';
import { healthSource } from './health.ts';
import { plan } from './plan.ts';
import { configuredSources } from './stage.ts';

const calm = new AbortController().signal;
const HEALTH = healthSource('default');

async function archive(test: TestStage, users: readonly string[]): Promise<void> {
  const [target] = configuredSources(test.stage.accounts);
  test.steps.push({ do: 'keep', report: rawReport(test.clock.now(), csvOf(users)) });
  await collectOnce(target!, test.stage, calm, undefined, { early: true });
}

/** Not of what Muster files of itself. */
function isOfCloud({ job }: TestStage['queued'][number]): boolean {
  return job.name === 'plan' || !job.source.startsWith('muster/');
}

test('a source that was never collected is due at once', async () => {
  const given = testStage();

  await plan(given.stage, calm);

  expect(given.queued).toEqual([
    { job: { name: 'collect', source: AWS_SOURCE, due: 'first', attempt: 0 }, at: given.clock.now() },
  ]);
});

test('a source is due one cadence after the cloud last looked, and one to two minutes more', async () => {
  const given = testStage();
  const generatedAt = given.clock.now();
  await archive(given, ['a']);
  given.queued.length = 0;
  given.clock.move(4 * HOUR - 300_000);

  await plan(given.stage, calm);

  const due = given.queued.find(({ job }) => job.name === 'collect');
  expect(due?.at).toBe(dueAt(AWS_SOURCE, generatedAt, 4 * HOUR));
  expect(due!.at - generatedAt).toBeGreaterThanOrEqual(4 * HOUR + 60_000);
  expect(due!.at - generatedAt).toBeLessThan(4 * HOUR + 120_000);
});

test('what is due only after the next tick is left to it', async () => {
  const given = testStage();
  await archive(given, ['a']);
  given.queued.length = 0;
  given.clock.move(2 * HOUR);

  await plan(given.stage, calm);

  expect(given.queued.filter(({ job }) => job.name === 'collect')).toEqual([]);
});

test('a cursor behind its head is planned for delivery, after everything in the queue was lost too', async () => {
  const given = testStage();
  await archive(given, ['a']);
  given.queued.length = 0; // FLUSHALL

  await plan(given.stage, calm);

  expect(given.queued.filter(isOfCloud)).toMatchObject([
    { job: { name: 'deliver', sink: 'siem', source: AWS_SOURCE, upTo: 1 } },
  ]);
});

test('with nothing new nothing is queued and nothing is filed', async () => {
  const given = testStage();
  await archive(given, ['a']);
  await deliverSource(given.stage.outlets[0]!, AWS_SOURCE, given.stage, calm);
  await plan(given.stage, calm);
  given.queued.length = 0;
  const objects = given.store.objects.size;

  await plan(testStage({ store: given.store, clock: given.clock }).stage, calm);

  expect(given.queued).toEqual([]);
  expect(given.store.objects.size).toBe(objects);
});

test('a denied account is filed as health once, and once more when it is well again', async () => {
  const given = testStage();
  const job = { name: 'collect', source: AWS_SOURCE, due: 'first', attempt: 0 } as const;
  given.steps.push(new Fault('denied', 'iam:GetCredentialReport is not allowed'));
  await collect(job, given.stage, calm);
  await plan(given.stage, calm);
  await plan(given.stage, calm);
  given.steps.push({ do: 'keep', report: rawReport(given.clock.now(), csvOf(['a'])) });
  await collect(job, given.stage, calm);
  given.clock.move(1_000);
  await plan(given.stage, calm);

  await deliverSource(given.stage.outlets[0]!, HEALTH, given.stage, calm);

  expect((await given.stage.archive.head(HEALTH))?.number).toBe(2);
});

test('a departed account is delivered to its head and said to have left, once', async () => {
  const given = testStage();
  await archive(given, ['a']);
  given.queued.length = 0;
  const departed = { ...given.stage, accounts: [] };

  await plan(departed, calm);
  await plan(departed, calm);

  expect(given.queued.filter(({ job }) => job.name === 'collect')).toEqual([]);
  expect(given.queued.some(({ job }) => job.name === 'deliver' && job.source === AWS_SOURCE)).toBe(true);
  expect((await given.stage.archive.head(HEALTH))?.number).toBe(1);
});

test('many sources without a report are spread, one a second or within a tick', () => {
  expect(coldStartAt(0, 0, 1, 600_000)).toBe(0);
  expect(coldStartAt(0, 9, 10, 600_000)).toBe(9_000);
  expect(coldStartAt(0, 9_999, 10_000, 600_000)).toBeLessThan(600_000);
});

test('a source whose newest report is older than two cadences is late', async () => {
  const given = testStage();
  await archive(given, ['a']);
  given.clock.move(9 * HOUR);

  await plan(given.stage, calm);

  const head = await given.stage.archive.head(HEALTH);
  const parts = await given.stage.archive.parts(head!);
  expect(Buffer.from(parts.get('health.json')!).toString()).toContain(
    `"aws/${ACCOUNT}/credential-report":{"state":"late"`,
  );
});

test('one damaged object holds its source, loudly, and the others are planned', async () => {
  const given = testStage();
  await archive(given, ['a']);
  const key = [...given.store.objects.keys()].find((one) => one.endsWith('/manifest.json'));
  given.store.objects.set(key!, Buffer.from('damaged'));
  const [account] = given.stage.accounts;
  const other = { ...account!, id: '210987654321', name: 'other' };
  const fresh = testStage({ store: given.store, clock: given.clock });
  const stage = { ...fresh.stage, accounts: [account!, other] };

  await plan(stage, calm);
  given.clock.move(1_000);
  await plan(stage, calm);

  expect(fresh.queued.some(({ job }) => job.name === 'collect' && job.source.includes(other.id))).toBe(true);
  const head = await stage.archive.head(HEALTH);
  expect(head?.number).toBe(1);
  const parts = await stage.archive.parts(head!);
  expect(Buffer.from(parts.get('health.json')!).toString()).toContain('"state":"held","fault":"malformed"');
});

test('a source that nothing ever tried is late after an hour, and health says what to look at', async () => {
  const given = testStage();
  const stage = { ...given.stage, duties: DELIVER_ONLY };
  await plan(stage, calm);
  expect(await stage.archive.head(HEALTH)).toBeUndefined();

  given.clock.move(HOUR + 1);
  await plan(stage, calm);

  const head = await stage.archive.head(HEALTH);
  const health = JSON.parse(new TextDecoder().decode((await stage.archive.parts(head!)).get('health.json')));
  expect(health.sources[AWS_SOURCE]).toMatchObject({ state: 'late', message: expect.stringContaining('collect aws') });
});

test('who only delivers plans no collection, and who only collects no delivery and begins no sink', async () => {
  const given = testStage();
  await archive(given, ['a']);
  given.queued.length = 0;
  given.clock.move(4 * HOUR);

  await plan({ ...given.stage, duties: DELIVER_ONLY }, calm);
  expect(given.queued.filter(isOfCloud).map(({ job }) => job.name)).toEqual(['deliver']);

  given.queued.length = 0;
  const other = testStage();
  await archive(other, ['a']);
  other.queued.length = 0;
  other.clock.move(4 * HOUR);
  await plan({ ...other.stage, duties: COLLECT_ONLY }, calm);
  expect(other.queued.filter(isOfCloud).map(({ job }) => job.name)).toEqual(['collect']);
  expect([...other.store.objects.keys()].filter((key) => key.startsWith('series/sinks/'))).toEqual([]);
});

test('who collects from other clouds only plans nothing of this one', async () => {
  const given = testStage();

  await plan({ ...given.stage, duties: { collects: ['alibaba'], delivers: false } }, calm);

  expect(given.queued).toEqual([]);
});
