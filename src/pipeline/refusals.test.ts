import { expect, test } from 'vitest';
import {
  archiveOf,
  lettersOf,
  MANY,
  OTHERS,
  type RefusingStage,
  refusesAll,
  refusingStage,
  splitBy,
  takesAll,
} from '../../test/kit/refusing.ts';
import { AWS_SOURCE } from '../../test/kit/stage.ts';
import { type SourceName, sourceName } from '../domain/names.ts';
import { deliver } from './deliver.ts';
import { plan } from './plan.ts';

const calm = new AbortController().signal;
const [OTHER = AWS_SOURCE] = OTHERS;

test('a sink that refuses everything is held with its own words: one alert, no dead letter', async () => {
  const given = await refusingStage(refusesAll);

  expect(await send(given)).toMatchObject({ do: 'again' });

  expect(await lettersOf(given)).toEqual([]);
  expect(given.happenings.filter(({ kind }) => kind === 'rejected')).toEqual([]);
  expect(given.happenings.filter(({ kind }) => kind === 'fault')).toHaveLength(1);
  const state = await given.stage.archive.series(['state', 'sinks', 'siem']).latest();
  expect(state?.value).toMatchObject({
    state: 'failing',
    fault: 'misconfigured',
    message: expect.stringMatching(/refuses every event .* and says: answered 400: no;/),
  });
});

test('while it is held it is asked with single events, and all that waited goes out when it is mended', async () => {
  const given = await refusingStage(refusesAll);
  await send(given);
  const asked: number[] = [];
  given.sink.takes = (batch) => {
    asked.push(batch.length);
    return refusesAll(batch);
  };

  await later(given);
  expect(asked).toEqual([1, 1, 1]);
  given.sink.takes = takesAll;
  expect(await later(given)).toEqual({ do: 'done' });

  expect(await lettersOf(given)).toEqual([]);
  const ids = given.received.map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(MANY.length);
  expect(new Set(ids).size).toBe(ids.length);
  expect((await given.stage.archive.series(['state', 'sinks', 'siem']).latest())?.value).toMatchObject({ state: 'ok' });
});

test('a long run of poisonous events does not hold for ever what comes after it', async () => {
  const given = await refusingStage((batch) => splitBy(batch, ({ text }) => !/user-1?\d"/.test(text)));

  for (let attempt = 0; attempt < 40; attempt += 1) if ((await later(given)).do === 'done') break;

  const dead = await lettersOf(given);
  expect(dead.length).toBeGreaterThan(10);
  expect(given.received.length).toBeGreaterThan(0);
  expect(new Set([...dead.map((one) => one.event_id), ...given.received.map(({ id }) => id)]).size).toBe(
    dead.length + given.received.length,
  );
});

test('where every event of one source is poisonous, what is accepted of another one tells: dead letters, and no hold', async () => {
  const given = await refusingStage((batch) => splitBy(batch, ({ text }) => text.includes(OTHER)));
  await archiveOf(given, OTHER, ['ann']);

  const first = await send(given);
  const second = await later(given, OTHER);
  const third = await send(given);

  expect([first.do, second.do, third.do]).toEqual(['again', 'done', 'done']);
  expect((await lettersOf(given)).every(({ source }) => source === AWS_SOURCE)).toBe(true);
  expect(given.received.length).toBeGreaterThan(0);
  given.clock.move(5 * 3_600_000);
  await archiveOf(given, AWS_SOURCE, ['eve', ...MANY]);
  await archiveOf(given, OTHER, ['ann', 'bob']);
  await send(given, OTHER);
  expect(await send(given)).toEqual({ do: 'done' });
});

test('the one whose events were refused asks after the others', async () => {
  const given = await refusingStage(refusesAll);
  await archiveOf(given, OTHER, ['ann']);

  const first = await send(given);
  const other = await send(given, OTHER);

  if (first.do !== 'again' || other.do !== 'again') throw new Error('both should wait');
  expect(first.at).toBeGreaterThan(other.at);
});

test('deliveries that were under way together meet one trouble, said once', async () => {
  const given = await refusingStage(refusesAll);
  await archiveOf(given, OTHER, MANY);

  const outcomes = await Promise.all([send(given), send(given, OTHER)]);

  expect(outcomes.map((one) => one.do)).toEqual(['again', 'again']);
  expect(given.happenings.filter(({ kind }) => kind === 'fault')).toHaveLength(1);
  expect(await lettersOf(given)).toEqual([]);
});

test('few events are not enough to tell: they are dead letters, and count on', async () => {
  const given = await refusingStage(refusesAll, []);

  for (let day = 0; day < 6; day += 1) {
    given.clock.move(24 * 3_600_000);
    await archiveOf(given, AWS_SOURCE, []);
    await send(given);
  }

  expect((await lettersOf(given)).length).toBeLessThan(10);
  expect((await given.stage.archive.series(['state', 'sinks', 'siem']).latest())?.value).toMatchObject({
    state: 'failing',
  });
});

test('health says it', async () => {
  const given = await refusingStage(refusesAll);
  await send(given);

  await plan(given.stage, calm);

  const health = await given.stage.archive.head(
    sourceName({ provider: 'muster', accountId: 'default', kind: 'health' }),
  );
  const part = (await given.stage.archive.parts(health!)).get('health.json');
  expect(JSON.parse(new TextDecoder().decode(part))).toMatchObject({ sinks: { siem: { fault: 'misconfigured' } } });
});

async function send(given: RefusingStage, source: SourceName = AWS_SOURCE) {
  const head = await given.stage.archive.head(source);
  return deliver({ name: 'deliver', sink: 'siem', source, upTo: head?.number ?? 0, attempt: 0 }, given.stage, calm);
}

async function later(given: RefusingStage, source?: SourceName) {
  given.clock.move(15 * 60_000);
  return send(given, source);
}
