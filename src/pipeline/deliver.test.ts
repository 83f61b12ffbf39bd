import { expect, test } from 'vitest';
import { AWS_SOURCE, csvOf, HOUR, rawReport, type TestStage, testStage } from '../../test/kit/stage.ts';
import { Fault } from '../domain/fault.ts';
import type { Encoded } from '../sinks/sink.ts';
import { collectOnce } from './collect.ts';
import { deliver } from './deliver.ts';
import { batches } from './send.ts';
import { configuredSources } from './stage.ts';

const calm = new AbortController().signal;

async function archive(test: TestStage, users: readonly string[]): Promise<void> {
  const [target] = configuredSources(test.stage.accounts);
  test.steps.push({ do: 'keep', report: rawReport(test.clock.now(), csvOf(users)) });
  await collectOnce(target!, test.stage, calm, undefined, { early: true });
  test.clock.move(5 * HOUR);
}

async function send(test: TestStage, attempt = 0) {
  const head = await test.stage.archive.head(AWS_SOURCE);
  return deliver(
    { name: 'deliver', sink: 'siem', source: AWS_SOURCE, upTo: head?.number ?? 0, attempt },
    test.stage,
    calm,
  );
}

async function cursor(test: TestStage): Promise<number> {
  const epoch = await test.stage.archive.sinkEpoch(
    test.stage.outlets[0]!.name,
    test.stage.outlets[0]!.start,
    'memory',
    test.clock.now(),
  );
  return test.stage.archive.cursor(epoch, AWS_SOURCE, await test.stage.archive.head(AWS_SOURCE));
}

test('the first report is a baseline: no user was created, no finding opened', async () => {
  const given = testStage();
  await archive(given, ['alice']);

  expect(await send(given)).toEqual({ do: 'done' });

  const types = new Set(given.received.map(({ type }) => type));
  expect(types).toEqual(new Set(['inventory.identity', 'finding.baseline', 'summary.report']));
  expect(await cursor(given)).toBe(1);
});

test('a second report tells what changed, and sends only the inventory that did', async () => {
  const given = testStage();
  await archive(given, ['alice']);
  await send(given);
  given.received.length = 0;
  await archive(given, ['alice', 'bob']);

  await send(given);

  const types = given.received.map(({ type }) => type);
  expect(types.filter((type) => type === 'user.created')).toHaveLength(1);
  expect(types.filter((type) => type === 'inventory.identity')).toHaveLength(1);
});

test('a sink that falls behind gets every report in order', async () => {
  const given = testStage({ start: 'all' });
  for (const users of [['a'], ['a', 'b'], ['a', 'b', 'c']]) await archive(given, users);

  await send(given);

  expect(given.received.filter(({ type }) => type === 'summary.report')).toHaveLength(3);
  expect(await cursor(given)).toBe(3);
});

test('a sink that starts now begins with the newest report, as a baseline', async () => {
  const given = testStage();
  for (const users of [['a'], ['a', 'b'], ['a', 'b', 'c']]) await archive(given, users);

  await send(given);

  expect(given.received.filter(({ kind }) => kind === 'change')).toEqual([]);
  expect(given.received.filter(({ type }) => type === 'inventory.identity')).toHaveLength(4);
  expect(await cursor(given)).toBe(3);
});

test('what got through is not sent twice, and no receipt is written before the rest is in', async () => {
  const given = testStage();
  await archive(given, ['a', 'b', 'c', 'd']);
  given.answers.push(
    (batch) => ({ delivered: batch, rejected: [] }),
    (batch) => ({
      delivered: batch.slice(0, 1),
      retry: { items: batch.slice(1), fault: new Fault('unreachable', 'gone') },
      rejected: [],
    }),
  );

  const outcome = await send(given);

  expect(outcome.do).toBe('again');
  expect(await cursor(given)).toBe(0);
  given.clock.move(600_000);
  await send(given, 1);
  expect(await cursor(given)).toBe(1);
  const ids = given.received.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('an event that the sink refuses for good becomes a dead letter, and the rest goes on', async () => {
  const given = testStage();
  await archive(given, ['a', 'b']);
  given.answers.push((batch) => ({ delivered: batch.slice(1), rejected: [{ item: batch[0]!, reason: '400 no' }] }));

  await send(given);

  const letters = [];
  for await (const letter of given.stage.archive.deadLetters()) letters.push(letter);
  expect(letters).toMatchObject([{ sink: 'siem', source: AWS_SOURCE, number: 1, reason: '400 no' }]);
  expect(await cursor(given)).toBe(1);
});

test('a sink that forgets an event earns no receipt', async () => {
  const given = testStage();
  await archive(given, ['a', 'b']);
  given.answers.push((batch) => ({ delivered: batch.slice(1), rejected: [] }));

  expect((await send(given)).do).toBe('again');
  expect(await cursor(given)).toBe(0);
});

test('a damaged base is said, and no change is invented', async () => {
  const given = testStage();
  await archive(given, ['a']);
  await send(given);
  await archive(given, ['b']);
  const key = [...given.store.objects.keys()].find((one) => one.includes('/00000001/report-'));
  given.store.objects.set(key!, Buffer.from('damaged'));
  given.received.length = 0;

  await send(given);

  expect(given.received.filter(({ kind }) => kind === 'change')).toEqual([]);
  expect(given.received.at(-1)).toMatchObject({ type: 'summary.report', data: { base: 'damaged' } });
});

test('an archive that lost reports that the sink has holds the source', async () => {
  const given = testStage();
  await archive(given, ['a']);
  await archive(given, ['a', 'b']);
  await send(given);
  for (const key of given.store.objects.keys()) if (key.includes('/00000002/')) given.store.objects.delete(key);
  const restored = testStage({ store: given.store, clock: given.clock });

  const outcome = await send(restored);

  expect(outcome.do).toBe('again');
  expect(restored.happenings).toContainEqual(expect.objectContaining({ kind: 'fault', fault: 'misconfigured' }));
});

test('the job of an older head leaves the work to the newer one', async () => {
  const given = testStage();
  await archive(given, ['a']);
  await archive(given, ['a', 'b']);

  await deliver({ name: 'deliver', sink: 'siem', source: AWS_SOURCE, upTo: 1, attempt: 0 }, given.stage, calm);

  expect(given.received).toEqual([]);
});

test('batches hold every event once, in order, within the limits of the sink', () => {
  const events: Encoded[] = Array.from({ length: 25 }, (_, index) => ({
    id: String(index),
    text: 'x'.repeat(index * 10),
  }));

  const made = [...batches(events, { maxEvents: 4, maxBytes: 300 })];

  expect(made.flat()).toEqual(events);
  for (const batch of made) {
    expect(batch.length).toBeLessThanOrEqual(4);
    if (batch.length > 1) expect(batch.reduce((sum, { text }) => sum + text.length + 1, 0)).toBeLessThanOrEqual(300);
  }
});

test('a sink that asks for an hour of rest is left alone by the deliveries of all sources', async () => {
  const given = testStage();
  await archive(given, ['a']);
  given.answers.push(() => {
    throw new Fault('throttled', 'slow down', { retryAfterMs: 3_600_000 });
  });
  const first = await send(given);
  if (first.do !== 'again') throw new Error('it should wait');

  expect(await send(given)).toMatchObject({ do: 'again', at: first.at });
  expect(given.received).toEqual([]);
});

test('when the rest is over one delivery asks, and the others wait for what it learns', async () => {
  const given = testStage();
  await archive(given, ['a']);
  given.answers.push(() => {
    throw new Fault('denied', 'no');
  });
  await send(given);
  given.clock.move(15 * 60_000);
  let asked = 0;
  given.answers.push(() => {
    asked += 1;
    throw new Fault('denied', 'still no');
  });

  const [probe, other] = await Promise.all([send(given), send(given)]);

  expect([probe?.do, other?.do]).toEqual(['again', 'again']);
  expect(asked).toBe(1);
});

test('a sink that one source made fail is not well because another source got through', async () => {
  const given = testStage();
  await archive(given, ['a']);
  const segments = ['state', 'sinks', 'siem'];
  const bad = {
    state: 'failing',
    fault: 'denied',
    message: 'no',
    since: 'x',
    about: 'aws/999999999999/credential-report',
  };
  await given.stage.archive.series(segments).append(bad, 0);

  await send(given);

  expect((await given.stage.archive.series(segments).latest())?.value).toEqual(bad);
});

test('a report that cannot be read is the trouble of its source, not of the sink', async () => {
  const given = testStage();
  await archive(given, ['a']);
  const key = [...given.store.objects.keys()].find((one) => one.includes('/report-'));
  given.store.objects.set(key!, Buffer.from('damaged'));

  expect((await send(given)).do).toBe('again');

  const sink = await given.stage.archive.series(['state', 'sinks', 'siem']).latest();
  const source = await given.stage.archive.series(['state', 'deliveries', 'siem', ...AWS_SOURCE.split('/')]).latest();
  expect(sink).toBeUndefined();
  expect(source?.value).toMatchObject({ state: 'failing', fault: 'malformed' });
});
