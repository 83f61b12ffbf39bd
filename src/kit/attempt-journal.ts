import { z } from 'zod';
import type { Attempt } from '../domain/attempt.ts';
import type { Clock } from '../domain/clock.ts';
import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/instant.ts';
import { readJson } from './json-bytes.ts';
import { pageKey } from './page-key.ts';
import { laidAside } from './shift.ts';

/** Of the answers that are sure to come, one in so many may be lost where a process dies: so many are kept in one entry. */
const SHARE = 200;
/** Quotas are counted by the second. */
const TAKE_OVER_MS = 1_100;

const Entry = z.object({ writer: z.number().int().nonnegative(), answers: z.record(z.string(), z.unknown()) });

/** Answers that are kept many in one entry, numbered. Each entry was made by somebody who knew all before it. */
export interface Journal {
  /** The kept answer, or the one that is asked for now: what was once answered is not asked again, whoever asked it. */
  take<T>(key: string, schema: z.ZodType<T>, ask: () => Promise<T>): Promise<T>;
  /** As take, but asks nothing. */
  find<T>(key: string, schema: z.ZodType<T>): Promise<T | undefined>;
  readonly taken: ReadonlyMap<string, unknown>;
  /** Another one where what was remembered is no longer true. */
  readonly memory: JournalMemory;
  /** So many answers there will be at least: the more, the more are kept at once. */
  expect(answers: number): void;
  /** Forgets an answer, which stays kept: whoever asked for it has made something smaller of it. */
  release(key: string): void;
  /** Keeps what is not kept yet. */
  flush(): Promise<void>;
}

/** What is remembered of a journal between shifts. Losing it costs reading the entries again. */
export interface JournalMemory {
  /** As they were read, and as they were understood. */
  readonly read: Map<string, unknown>;
  readonly known: Map<string, unknown>;
  entries: number;
  /** How many processes kept answers before this one. */
  writer: number;
  hasWritten: boolean;
}

/** Who keeps a journal in mind between shifts. */
export interface JournalKeeper {
  readonly accountId: string;
  under: { readonly startedAt: Instant; readonly memory: JournalMemory } | undefined;
}

interface Look {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  attempt(): Promise<Attempt>;
}

/** One go at a report. What was answered is kept before it ends, however it ends. */
export async function inJournal<S extends { readonly do: string }>(
  keeper: JournalKeeper,
  look: Look,
  go: (journal: Journal, startedAt: Instant) => Promise<S>,
): Promise<S | ReturnType<typeof laidAside>> {
  const attempt = await look.attempt();
  const { startedAt } = attempt;
  const memory = keeper.under?.startedAt === startedAt ? keeper.under.memory : newMemory();
  keeper.under = { startedAt, memory };
  const known = memory.entries;
  const forget = () => {
    keeper.under = undefined;
  };
  let journal: Journal | undefined;
  try {
    journal = await openJournal(attempt, memory, keeper.accountId);
    // What somebody else asked just now the cloud counts too.
    if (memory.entries > known) await look.clock.sleepUntil(look.clock.now() + TAKE_OVER_MS, look.signal);
    const step = await go(journal, startedAt);
    await journal.flush();
    if (step.do === 'keep') forget();
    return step;
  } catch (error) {
    if (error instanceof NotUnderstood) {
      forget();
      await attempt.giveUp();
    } else await journal?.flush().catch(forget);
    if (error instanceof Outrun) return laidAside(look.clock, 'somebody else keeps answers of this report too');
    throw error;
  }
}

function newMemory(): JournalMemory {
  return { read: new Map(), known: new Map(), entries: 0, writer: 0, hasWritten: false };
}

/** A kept answer that helps nobody: the attempt is given up. */
class NotUnderstood extends Fault {
  constructor(key: string, accountId: string) {
    super('malformed', `account ${accountId}: the kept answer ${key} is not understood; all is asked anew`);
  }
}

/** Somebody else has kept an entry meanwhile: what was built on the ones before it is dropped, and theirs counts. */
class Outrun extends Error {}

/** Reads what was kept since it was last read. */
async function openJournal(attempt: Attempt, memory: JournalMemory, accountId: string): Promise<Journal> {
  await readOn(attempt, memory, accountId);
  let fresh = new Map<string, unknown>();
  let writing: Promise<void> = Promise.resolve();
  let expected = 0;
  const write = async (): Promise<void> => {
    const answers = fresh;
    fresh = new Map();
    if (answers.size > 0) await writeEntry(answers, attempt, memory, accountId);
  };
  /** One entry after the other; when one was not kept, none is after it. */
  const flush = () => {
    writing = writing.then(write);
    return writing;
  };
  return {
    taken: memory.known,
    memory,
    find: async (key, schema) => find(key, schema, memory, accountId),
    async take(key, schema, ask) {
      const found = find(key, schema, memory, accountId);
      if (found !== undefined) return found;
      const answer = await ask();
      const asked = find(key, schema, memory, accountId);
      if (asked !== undefined) return asked;
      // As whoever takes the work up will read it.
      const page = schema.safeParse(JSON.parse(JSON.stringify(answer)));
      if (!page.success) throw new Fault('malformed', `account ${accountId}: the answer ${key} is not understood`);
      memory.known.set(key, page.data);
      fresh.set(key, answer);
      if (fresh.size >= mostOfEntry(expected, memory)) await flush();
      return page.data;
    },
    expect: (answers) => {
      expected = answers;
    },
    release: (key) => void memory.known.delete(key),
    flush,
  };
}

function find<T>(key: string, schema: z.ZodType<T>, memory: JournalMemory, accountId: string): T | undefined {
  if (memory.known.has(key)) return memory.known.get(key) as T; // understood by the same schema below: a key has one
  if (!memory.read.has(key)) return undefined;
  const page = schema.safeParse(memory.read.get(key));
  if (!page.success) throw new NotUnderstood(key, accountId);
  memory.known.set(key, page.data);
  memory.read.delete(key);
  return page.data;
}

async function writeEntry(
  answers: ReadonlyMap<string, unknown>,
  attempt: Attempt,
  memory: JournalMemory,
  accountId: string,
): Promise<void> {
  const entry = { writer: memory.writer, answers: Object.fromEntries(answers) };
  const bytes = new TextEncoder().encode(JSON.stringify(entry));
  const name = entryKey(memory.entries + 1);
  await attempt.put(name, bytes);
  const kept = await attempt.get(name);
  if (kept === undefined) throw new Fault('unreachable', `account ${accountId}: the answers ${name} were not kept`);
  if (Buffer.compare(kept, bytes) !== 0) throw new Outrun(`the answers ${name} are another's`);
  memory.entries += 1;
  memory.hasWritten = true;
}

/** Its first answer a process keeps at once, so that the next one knows of it; and each one that took over keeps half as many in an entry. */
function mostOfEntry(expected: number, { writer, hasWritten }: JournalMemory): number {
  return hasWritten ? Math.max(1, Math.floor(expected / SHARE / 2 ** writer)) : 1;
}

async function readOn(attempt: Attempt, memory: JournalMemory, accountId: string): Promise<void> {
  for (;;) {
    const name = entryKey(memory.entries + 1);
    const entry = readJson(await attempt.get(name), Entry);
    if (entry === undefined) return;
    if (entry === 'damaged') throw new NotUnderstood(name, accountId);
    for (const [key, answer] of Object.entries(entry.answers)) memory.read.set(key, answer);
    memory.entries += 1;
    if (!memory.hasWritten) memory.writer = entry.writer + 1;
  }
}

function entryKey(number: number): string {
  return pageKey('journal', number);
}
