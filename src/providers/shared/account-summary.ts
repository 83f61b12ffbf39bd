import { z } from 'zod';
import type { FaultKind } from '../../domain/fault.ts';
import { formatInstant } from '../../domain/instant.ts';
import type { Part } from '../../domain/report.ts';
import { type Asker, ask } from '../../kit/asking.ts';
import { writeJson } from '../../kit/json-bytes.ts';
import { type Sayer, sayMissing, sayThere } from '../../kit/say-once.ts';

/** The cloud's own count of users, kept beside the report. */
export const ACCOUNT_SUMMARY_PART = 'account-summary.json';

export const AccountSummaryPart = z.object({ version: z.literal(1), asked_at: z.string(), users: z.number().int() });
export type AccountSummaryPart = z.infer<typeof AccountSummaryPart>;

/** The count tells whether all users are there, and whether so many are really gone. */
export async function addSummary(
  parts: Part[],
  countUsers: () => Promise<number>,
  sayer: Sayer,
  asker: Asker,
): Promise<FaultKind | undefined> {
  const what = 'the account summary, which would tell whether so many users are really gone, is not to be had';
  const users = await ask(countUsers, asker);
  if ('fault' in users) {
    sayMissing(what, users.fault.message, sayer);
    return users.fault.kind;
  }
  sayThere(what, sayer);
  const part: AccountSummaryPart = { version: 1, asked_at: formatInstant(asker.clock.now()), users: users.told };
  parts.push({ name: ACCOUNT_SUMMARY_PART, bytes: writeJson(part) });
  return undefined;
}
