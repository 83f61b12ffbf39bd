import type { Attempt } from '../../src/domain/attempt.ts';
import { inJournal, type Journal } from '../../src/kit/attempt-journal.ts';

const TIMELESS = { now: () => 0, delayUntil: () => 0, sleepUntil: async () => {} };

/** One go at a report by a process of its own. */
export async function inAJournal<T>(attempt: Attempt, go: (journal: Journal) => Promise<T>): Promise<T> {
  const { signal } = new AbortController();
  const keeper = { accountId: '1', under: undefined };
  const look = { clock: TIMELESS, signal, attempt: async () => attempt };
  const step = await inJournal(keeper, look, async (journal) => ({ do: 'keep' as const, made: await go(journal) }));
  if (step.do === 'keep') return step.made;
  throw new Error(step.why);
}
