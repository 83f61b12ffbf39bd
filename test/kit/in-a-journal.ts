import type { Attempt } from '../../src/domain/attempt.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { inJournal, type Journal } from '../../src/kit/attempt-journal.ts';

/** One go at a report by a process of its own. */
export async function inAJournal<T>(attempt: Attempt, clock: Clock, go: (journal: Journal) => Promise<T>): Promise<T> {
  const { signal } = new AbortController();
  const keeper = { accountId: '1', under: undefined };
  const step = await inJournal(keeper, { clock, signal, attempt: async () => attempt }, async (journal) => ({
    do: 'keep' as const,
    made: await go(journal),
  }));
  if (step.do === 'keep') return step.made;
  throw new Error(step.why);
}
