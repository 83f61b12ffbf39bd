import { expect, test } from 'vitest';
import { z } from 'zod';
import { memoryAttempt, mortal } from '../../test/kit/memory-attempt.ts';
import type { Attempt } from '../domain/attempt.ts';
import { inJournal, type Journal, type JournalKeeper } from './attempt-journal.ts';
import { concurrently } from './concurrently.ts';

const AT_ONCE = 4;
const TIMELESS = {
  clock: { now: () => 0, delayUntil: () => 0, sleepUntil: async () => {} },
  signal: new AbortController().signal,
};

test('of thousands of answers hundreds of entries are made, and a kill costs half a percent and what is in flight', async () => {
  const attempt = memoryAttempt(0);
  const questions = counting();

  await work(attempt, questions, 10_000);

  expect(questions.asked()).toBe(10_000);
  expect(attempt.answers.size).toBeLessThanOrEqual(205);
  for (const after of [1, 2, 49, 50, 51, 5_000, 9_990, 10_000]) {
    const killed = memoryAttempt(0);
    const again = counting();
    await work(killed, again, 10_000, after);
    await work(killed, again, 10_000);
    expect(again.asked() - 10_000, `killed after ${after}`).toBeLessThanOrEqual(50 + AT_ONCE);
  }
});

test('however often it is killed, it costs one percent and what was in flight each time', async () => {
  const attempt = memoryAttempt(0);
  const questions = counting();

  for (let kills = 0; kills < 40; kills += 1) await work(attempt, questions, 2_000, 47);
  await work(attempt, questions, 2_000);

  expect(questions.asked() - 2_000).toBeLessThanOrEqual(20 + 40 * AT_ONCE);
});

test('of few answers each is kept at once, and one that was kept is asked for no more', async () => {
  const attempt = memoryAttempt(0);
  const questions = counting();

  for (let after = 1; after <= 20; after += 1) await work(attempt, questions, 20, after);
  await work(attempt, questions, 20);

  expect(questions.asked()).toBeLessThanOrEqual(20 + 20 * AT_ONCE);
  expect(attempt.answers.size).toBeLessThanOrEqual(20);
});

test('what was answered is kept when the work fails, and when it is laid aside', async () => {
  const attempt = memoryAttempt(0);
  const keeper: JournalKeeper = { accountId: '1', under: undefined };
  const go = (end: () => { do: string }) =>
    inJournal(keeper, { ...TIMELESS, attempt: async () => attempt }, async (journal) => {
      journal.expect(10_000);
      for (const key of ['a', 'b', 'c']) await journal.take(key, z.number(), async () => 1);
      return end();
    });
  const fault = () => {
    throw new Error('no network');
  };

  await expect(go(fault)).rejects.toThrow('no network');
  const kept = await reader(attempt, ['a', 'b', 'c']);
  await go(() => ({ do: 'wait' }));

  expect(kept).toEqual([1, 1, 1]);
  expect(attempt.answers.size).toBe(2);
});

test('who is outrun drops what it built, lays the work aside, and goes on from what the other kept', async () => {
  const attempt = memoryAttempt(0);
  const slow: JournalKeeper = { accountId: '1', under: undefined };
  const look = { ...TIMELESS, attempt: async () => attempt };
  const answered: number[] = [];
  const rival = counting(100);
  const go = () =>
    inJournal(slow, look, async (journal) => {
      const first = await journal.take('answer-0', z.number(), async () => {
        await work(attempt, rival, 3); // somebody else was faster
        return 7;
      });
      answered.push(first);
      return { do: 'keep' };
    });

  const outrun = await go();
  const next = await go();

  expect(outrun).toMatchObject({ do: 'wait' });
  expect(slow.under).toBeUndefined();
  expect([next, answered]).toEqual([{ do: 'keep' }, [100]]);
});

test('who takes over waits until the seconds of the one before are over, and who goes on does not', async () => {
  const attempt = memoryAttempt(0);
  const waits: number[] = [];
  const clock = { ...TIMELESS.clock, now: () => 5_000, sleepUntil: async (at: number) => void waits.push(at) };
  const take = (keeper: JournalKeeper, key: string) =>
    inJournal(keeper, { ...TIMELESS, clock, attempt: async () => attempt }, async (journal) => {
      await journal.take(key, z.number(), async () => 1);
      return { do: 'wait' };
    });
  const first: JournalKeeper = { accountId: '1', under: undefined };

  await take(first, 'a');
  await take(first, 'b');
  expect(waits).toEqual([]);
  await take({ accountId: '1', under: undefined }, 'c');
  await take(first, 'd');

  expect(waits).toEqual([6_100, 6_100]);
});

test('an entry that is not understood is named, and given up', async () => {
  const attempt = memoryAttempt(0);
  await attempt.put('journal-00001', Buffer.from('{}'));

  await expect(reader(attempt, [])).rejects.toMatchObject({
    kind: 'malformed',
    message: 'account 1: the kept answer journal-00001 is not understood; all is asked anew',
  });
  expect(attempt.answers.size).toBe(0);
});

interface Questions {
  ask(): Promise<number>;
  asked(): number;
}

function counting(from = 0): Questions {
  let asked = 0;
  return {
    async ask() {
      const answer = from + asked;
      asked += 1;
      await Promise.resolve();
      return answer;
    },
    asked: () => asked,
  };
}

/** As a process of its own; killed after so many questions. */
async function work(attempt: Attempt, questions: Questions, answers: number, killAfter?: number): Promise<void> {
  const control = new AbortController();
  const last = killAfter === undefined ? undefined : questions.asked() + killAfter;
  const own = mortal(attempt, control.signal);
  const go = async (journal: Journal) => {
    journal.expect(answers);
    await concurrently(Array.from({ length: answers }).keys(), AT_ONCE, async (number) => {
      await journal.take(`answer-${number}`, z.number(), async () => {
        control.signal.throwIfAborted();
        const answer = await questions.ask();
        if (questions.asked() === last) control.abort(new Error('killed'));
        return answer;
      });
    });
    return { do: 'keep' };
  };
  const keeper: JournalKeeper = { accountId: '1', under: undefined };
  await inJournal(keeper, { ...TIMELESS, attempt: async () => own }, go).catch((error: unknown) => {
    if (!control.signal.aborted) throw error;
  });
}

async function reader(attempt: Attempt, keys: readonly string[]): Promise<readonly (number | undefined)[]> {
  const found: (number | undefined)[] = [];
  const keeper: JournalKeeper = { accountId: '1', under: undefined };
  await inJournal(keeper, { ...TIMELESS, attempt: async () => attempt }, async (journal) => {
    for (const key of keys) found.push(await journal.find(key, z.number()));
    return { do: 'wait' };
  });
  return found;
}
