import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Fault } from '../../src/domain/fault.ts';
import type { SinkName } from '../../src/domain/names.ts';
import type { Encoded, SendOutcome, Sink, SinkTools } from '../../src/sinks/sink.ts';
import { movableClock } from './movable-clock.ts';
import { until } from './until.ts';

/** One open sink with its destination, as the suite needs to see them. */
export interface SinkUnderTest {
  readonly sink: Sink;
  /** The texts of all events that the destination holds, in its order. */
  readonly received: () => Promise<readonly string[]>;
  /** From now on the destination takes nothing, in its most usual way. */
  readonly refuse: () => Promise<void>;
  /** From now on it neither takes nor refuses: a send must wait. What comes back tells whether a send has come that far. */
  readonly hang: () => Promise<() => boolean>;
  /** What must never be in a message: tokens, keys, header values. */
  readonly secrets: readonly string[];
  /** What the sink still holds: connections, open files, locks. Empty after close. */
  readonly leftovers: () => Promise<readonly string[]>;
  /** Ends the destination, after the sink. */
  readonly close: () => Promise<void>;
}

/** What a test gives to a plugin's `open`. */
export function sinkTools(overrides: Partial<SinkTools> = {}): SinkTools {
  return { name: 'under-test' as SinkName, clock: movableClock(), observe: () => undefined, ...overrides };
}

/** `encoded('a', 'b')`: two events with these ids. */
export function encoded(...ids: readonly string[]): readonly Encoded[] {
  return ids.map((id) => ({ id, text: JSON.stringify({ id, kind: 'change' }) }));
}

export const patient = (): AbortSignal => new AbortController().signal;

const ODD_NAMES = [
  'two\nlines',
  '\r\n',
  'a,"b";c',
  '=1+1',
  '__proto__',
  '漢字 ñ 😀',
  '\u2028\u2029',
  '\u0000',
  '</script>',
  '%0a',
];

/** The one suite that every sink must pass. Each test opens a fresh sink on a fresh destination. */
export function sinkCompliance(name: string, open: () => Promise<SinkUnderTest>): void {
  const setUp = async () => {
    const subject = await open();
    onTestFinished(async () => {
      await subject.sink.close();
      await subject.close();
    });
    return subject;
  };
  describe(`sink compliance: ${name}`, () => {
    arrival(setUp);
    refusal(setUp);
    life(setUp);
  });
}

function arrival(setUp: () => Promise<SinkUnderTest>): void {
  test('everything sent arrives, byte for byte and in order', async () => {
    const { sink, received } = await setUp();
    const batches = [encoded('a', 'b', 'c'), encoded('d'), encoded('e', 'f')];

    for (const batch of batches) expectDelivered(await sink.send(batch, patient()), batch);

    expect(await received()).toEqual(texts(batches.flat()));
  });

  test('names with newlines and letters of all the world survive', async () => {
    const { sink, received } = await setUp();
    const batch = ODD_NAMES.map((name, index) => ({ id: `odd-${index}`, text: JSON.stringify({ name }) }));

    expectDelivered(await sink.send(batch, patient()), batch);

    expect(await received()).toEqual(texts(batch));
  });

  test('a batch as large as the limits allow is taken whole', async () => {
    const { sink, received } = await setUp();
    const { maxEvents, maxBytes } = sink.limits;
    const filler = 'x'.repeat(Math.floor(maxBytes / maxEvents) - 40);
    const batch = Array.from({ length: maxEvents }, (_, index) => {
      return { id: `large-${index}`, text: JSON.stringify({ id: `large-${index}`, filler }) };
    });

    expectDelivered(await sink.send(batch, patient()), batch);

    expect(await received()).toEqual(texts(batch));
  });

  test('the same batch can be sent again', async () => {
    const { sink, received } = await setUp();
    const batch = encoded('a', 'b');

    expectDelivered(await sink.send(batch, patient()), batch);
    expectDelivered(await sink.send(batch, patient()), batch);

    expect(new Set(await received())).toEqual(new Set(texts(batch)));
  });

  test('an empty batch changes nothing', async () => {
    const { sink, received } = await setUp();

    expectDelivered(await sink.send([], patient()), []);

    expect(await received()).toEqual([]);
  });

  test('batches sent at the same time do not mix their lines', async () => {
    const { sink, received } = await setUp();
    const batches = ['p', 'q', 'r'].map((letter) => encoded(...[1, 2, 3].map((number) => `${letter}${number}`)));

    const outcomes = await Promise.all(batches.map((batch) => sink.send(batch, patient())));

    batches.forEach((batch, index) => expectDelivered(outcomes[index]!, batch));
    expect([...(await received())].sort()).toEqual(texts(batches.flat()).sort());
  });

  test('check leaves no event behind', async () => {
    const { sink, received } = await setUp();

    await sink.check(patient());

    expect(await received()).toEqual([]);
  });
}

function refusal(setUp: () => Promise<SinkUnderTest>): void {
  test('a destination that refuses gets nothing marked as delivered, and no secret is told', async () => {
    const { sink, received, refuse, secrets } = await setUp();
    await sink.send(encoded('before'), patient());
    await refuse();

    const batch = encoded('a', 'b', 'c');
    const result = await sink.send(batch, patient()).catch((failure: unknown) => failure);

    if (result instanceof Error) expect(result).toBeInstanceOf(Fault);
    else expectNothingDelivered(result as SendOutcome, batch);
    const told = inspect(result, { depth: 10, showHidden: true });
    for (const secret of secrets) expect(told).not.toContain(secret);
    expect(await received()).toEqual(texts(encoded('before')));
  });

  test('an aborted signal sends nothing', async () => {
    const { sink, received } = await setUp();

    await expect(sink.send(encoded('a'), AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
    await expect(sink.check(AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');

    expect(await received()).toEqual([]);
  });

  test('a signal that fires while the destination hangs ends the waiting at once', async () => {
    const { sink, hang } = await setUp();
    const isHanging = await hang();
    const stop = new AbortController();

    const sending = sink.send(encoded('a'), stop.signal);
    sending.catch(() => undefined);
    await until('the send hangs', isHanging);
    const abortedAt = performance.now();
    stop.abort(new Error('stop'));

    await expect(sending).rejects.toThrow('stop');
    expect(performance.now() - abortedAt).toBeLessThan(1_000);
  });
}

function life(setUp: () => Promise<SinkUnderTest>): void {
  test('closing twice is closing once, and nothing stays open', async () => {
    const { sink, leftovers } = await setUp();
    await sink.send(encoded('a'), patient());

    await sink.close();
    await sink.close();

    await until('the sink has let go of everything', async () => (await leftovers()).length === 0);
  });

  test('a closed sink says so instead of sending', async () => {
    const { sink, received } = await setUp();
    await sink.close();

    await expect(sink.send(encoded('a'), patient())).rejects.toThrow(Fault);

    expect(await received()).toEqual([]);
  });
}

function expectDelivered(outcome: SendOutcome, batch: readonly Encoded[]): void {
  expect(outcome.retry?.items ?? []).toEqual([]);
  expect(outcome.rejected).toEqual([]);
  expect(outcome.delivered).toEqual(batch);
}

function expectNothingDelivered(outcome: SendOutcome, batch: readonly Encoded[]): void {
  expect(outcome.delivered).toEqual([]);
  expect([...(outcome.retry?.items ?? []), ...outcome.rejected.map(({ item }) => item)]).toEqual(batch);
}

function texts(batch: readonly Encoded[]): string[] {
  return batch.map((event) => event.text);
}
