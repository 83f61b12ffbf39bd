import type { z } from 'zod';
import { pageKey } from '../../../kit/attempt-pages.ts';
import { concurrently } from '../../../kit/concurrently.ts';
import { workThrough } from '../../../kit/shift.ts';
import type { Work } from './desk.ts';

export interface Batches<I, A> {
  /** Of the pages of this list. */
  readonly name: string;
  readonly items: readonly I[];
  /** Of one page: what a crash repeats at most, of each page under way. */
  readonly size: number;
  readonly pagesAtOnce: number;
  readonly schema: z.ZodType<A[]>;
  readonly ask: (item: I) => Promise<A>;
}

/** An answer for each item in its order, some items a page; or how many are left when the shift is over. */
export async function askInBatches<I, A>(batches: Batches<I, A>, work: Work): Promise<readonly A[] | number> {
  const { name, items, size, schema } = batches;
  const count = Math.ceil(items.length / size);
  const parts = Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
  const answers: A[][] = [];
  const left = await workThrough(parts, batches.pagesAtOnce, work.shift, async (part, index) => {
    answers[index] = await work.pages.take(pageKey(name, index + 1), schema, () => askAll(part, batches));
    return 'done';
  });
  return left > 0 ? left * size : answers.flat();
}

async function askAll<I, A>(part: readonly I[], { size, ask }: Batches<I, A>): Promise<A[]> {
  const answers: A[] = [];
  await concurrently(part.entries(), size, async ([index, item]) => {
    answers[index] = await ask(item);
  });
  return answers;
}
