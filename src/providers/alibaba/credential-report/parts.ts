import { z } from 'zod';

/** The parts of a credential report. The first holds the table; the others what we asked beside it, as small JSON. */
export const REPORT_PART = 'report.csv';
export const SYNTHESIS_PART = 'synthesis.json';

/** Stands beside a table that Muster put together: then an empty cell means that nobody told. */
export const SynthesisPart = z.object({
  version: z.literal(1),
  why: z.string(),
  users: z.number().int(),
  /** Users that were listed and gone when they were asked about. */
  dropped: z.array(z.string()),
  /** What was not to be had of a user, although it should. */
  untold: z.array(z.object({ user: z.string(), what: z.string(), why: z.string() })),
  /** The cloud's own report that told the root's row, and when passwords were changed that were not changed since. */
  last_told: z.string().optional(),
});
export type SynthesisPart = z.infer<typeof SynthesisPart>;
