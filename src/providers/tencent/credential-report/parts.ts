import { z } from 'zod';

/** The parts of a report. The first is the table; the other says what the cloud answered, or of which zone an imported table's times are. */
export const REPORT_PART = 'report.csv';
export const ANSWERS_PART = 'answers.json';
export const ABOUT_PART = 'about.json';

export const AboutPart = z.object({ version: z.literal(1), time_zone: z.string() });

/** Somebody of whom something could not be asked. */
const Failure = z.object({ id: z.string(), name: z.string(), action: z.string(), code: z.string() });
export type Failure = z.infer<typeof Failure>;

/** Listed, and yet without a row. */
const Dropped = z.object({ id: z.string(), name: z.string(), why: z.string() });
export type Dropped = z.infer<typeof Dropped>;

/** What the parser needs of the answers; they hold all the pages beside. */
export const AnswersPart = z.object({
  version: z.literal(1),
  site: z.enum(['mainland', 'international']),
  time_zone: z.string(),
  started_at: z.string(),
  /** Types of accounts that have a row, or could have one. */
  types: z.array(z.string()),
  population: z.number().int().optional(),
  failed: z.array(Failure),
  dropped: z.array(Dropped),
});
export type AnswersPart = z.infer<typeof AnswersPart>;
