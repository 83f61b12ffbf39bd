import { z } from 'zod';

/** The parts of a credential report. The first holds the table; the others what we asked beside it, as small JSON. */
export const REPORT_PART = 'report.csv';
export const ACCESS_KEYS_PART = 'access-keys.json';
export const ACCOUNT_SUMMARY_PART = 'account-summary.json';
export const SYNTHESIS_PART = 'synthesis.json';

const ListedKey = z.object({ id: z.string(), created: z.string(), status: z.string() });
export type ListedKey = z.infer<typeof ListedKey>;

const ListedUser = z.object({
  /** The RAM user name: the principal name up to its `@`. */
  name: z.string(),
  user_id: z.string(),
  created: z.string(),
  /** When this user's keys were listed; without it nobody had to, or nobody could. */
  asked_at: z.string().optional(),
  keys: z.array(ListedKey).optional(),
});
export type ListedUser = z.infer<typeof ListedUser>;

export const AccessKeysPart = z.object({
  version: z.literal(1),
  users_asked_at: z.string(),
  users: z.array(ListedUser),
});
export type AccessKeysPart = z.infer<typeof AccessKeysPart>;

export const AccountSummaryPart = z.object({ version: z.literal(1), asked_at: z.string(), users: z.number().int() });
export type AccountSummaryPart = z.infer<typeof AccountSummaryPart>;

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
