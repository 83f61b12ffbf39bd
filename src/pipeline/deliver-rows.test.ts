import { expect, test } from 'vitest';
import { archiveUsers } from '../../test/kit/archived.ts';
import { AWS_SOURCE, testStage } from '../../test/kit/stage.ts';
import type { DeadLetter } from '../archive/port.ts';
import { Fault } from '../domain/fault.ts';
import { plainRows } from '../formats/plain-rows.ts';
import type { Encoded } from '../sinks/sink.ts';
import { deliverSource } from './deliver.ts';

const never = new AbortController().signal;
const isSecondRow = ({ id }: Encoded) => id.endsWith('-1');

async function given() {
  const test = testStage();
  await archiveUsers(test, ['alice']);
  const outlet = { ...test.stage.outlets[0]!, format: plainRows };
  return { ...test, deliverRows: () => deliverSource(outlet, AWS_SOURCE, test.stage, never), outlet };
}

async function receiptOf({ store }: Awaited<ReturnType<typeof given>>): Promise<unknown> {
  const [key = ''] = [...store.objects.keys()].filter((name) => name.startsWith('receipts/'));
  const bytes = await store.get(key);
  return bytes && (JSON.parse(Buffer.from(bytes).toString()) as unknown);
}

test('a receipt counts the lines that a sink has', async () => {
  const test = await given();

  const sent = await test.deliverRows();

  expect(new Set(test.received.map(({ id }) => id)).size).toBe(sent);
  expect(test.received.filter(({ id }) => id.endsWith('-1'))).toHaveLength(1);
  expect(await receiptOf(test)).toMatchObject({ events: sent, rejected: 0 });
});

test('a row that is refused is a dead letter of its own, and the others stay delivered', async () => {
  const test = await given();
  const refuse = (batch: readonly Encoded[]) => ({
    delivered: batch.filter((item) => !isSecondRow(item)),
    rejected: batch.filter(isSecondRow).map((item) => ({ item, reason: 'no' })),
  });
  test.answers.push(...Array<typeof refuse>(20).fill(refuse));

  const sent = await test.deliverRows();

  const letters: DeadLetter[] = [];
  for await (const letter of test.stage.archive.deadLetters(test.outlet.name)) letters.push(letter);
  expect(letters.map(({ event_id }) => event_id)).toEqual([expect.stringMatching(/^[0-9a-f]{32}-1$/)]);
  expect(JSON.parse(letters[0]!.payload)).toMatchObject({ data: { row: 1, credential: { slot: 1 } } });
  expect(await receiptOf(test)).toMatchObject({ events: sent - 1, rejected: 1 });
});

test('a row that has to be sent again is sent alone', async () => {
  const test = await given();
  const fault = new Fault('throttled', 'slow down');
  const [delivered, retried]: [string[], string[]] = [[], []];
  test.answers.push((batch) => {
    delivered.push(...batch.slice(0, 1).map(({ id }) => id));
    retried.push(...batch.slice(1).map(({ id }) => id));
    return { delivered: batch.slice(0, 1), rejected: [], retry: { items: batch.slice(1), fault } };
  });

  await expect(test.deliverRows()).rejects.toThrow('slow down');
  await test.deliverRows();

  const ids = test.received.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
  expect(ids).toEqual(expect.arrayContaining([...delivered, ...retried]));
});
