import { z } from 'zod';
import { parseSinkName, parseSourceName } from '../domain/names.ts';
import type { Job, JobName } from './queue.ts';

const MAX_STATE_CHARS = 64 * 1024;

const Word = z.string().regex(/^[A-Za-z0-9:.+_-]{1,128}$/);
const Source = z.string().refine((text) => parseSourceName(text) !== undefined);
const Sink = z.string().refine((text) => parseSinkName(text) !== undefined);
const Attempt = z.int().min(0);
const State = z.unknown().refine((state) => (JSON.stringify(state) ?? '').length <= MAX_STATE_CHARS);

const SCHEMAS = {
  plan: z.strictObject({ name: z.literal('plan'), tick: Word, scope: Word.optional() }),
  collect: z.strictObject({
    name: z.literal('collect'),
    source: Source,
    due: Word,
    attempt: Attempt,
    state: State.optional(),
  }),
  deliver: z.strictObject({
    name: z.literal('deliver'),
    sink: Sink,
    source: Source,
    upTo: z.int().min(0),
    attempt: Attempt,
  }),
} satisfies Record<JobName, z.ZodType<Job>>;

/** Whoever can write to Redis can write a job: only what has exactly a job's shape reaches a handler. The names are checked, not trusted. */
export function parseJob(name: JobName, data: unknown): Job | undefined {
  const parsed = SCHEMAS[name].safeParse(data);
  return parsed.success ? parsed.data : undefined;
}
