import { isMalformed } from '../domain/fault.ts';
import { concurrently } from '../kit/concurrently.ts';

export interface Problem {
  /** The object that was changed, lost or added. */
  readonly key: string;
  readonly what: string;
}

/** What a walk through the archive has found so far. */
export interface Tally {
  sources: number;
  reports: number;
  parts: number;
  receipts: number;
  litter: number;
  readonly problems: Problem[];
  /** The first thing said of an object stays; there is a cap on how many are named. */
  blame(key: string, what: string): void;
}

const MOST_PROBLEMS = 1_000;

export function newTally(): Tally {
  const problems: Problem[] = [];
  const blamed = new Set<string>();
  const blame = (key: string, what: string) => {
    if (blamed.has(key) || problems.length >= MOST_PROBLEMS) return;
    blamed.add(key);
    problems.push({ key, what });
  };
  return { sources: 0, reports: 0, parts: 0, receipts: 0, litter: 0, problems, blame };
}

/** Runs a check that throws Faults; `malformed` is what was looked for, everything else ends the walk. */
export async function blaming(tally: Tally, key: string, check: () => Promise<void> | void): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (!isMalformed(error)) throw error;
    tally.blame(
      key,
      error.message.includes(' is lost') ? 'lost: it is named, and not there' : 'changed: its digest does not fit',
    );
  }
}

const AT_ONCE = 16;

/** Walks without end in bounded memory, some at a time. */
export async function eachOf<T>(items: AsyncIterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  for await (const chunk of chunks(items, AT_ONCE * 4)) await concurrently(chunk, AT_ONCE, work);
}

export async function* chunks<T>(items: AsyncIterable<T>, size: number): AsyncIterable<T[]> {
  let chunk: T[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
