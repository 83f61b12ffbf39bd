import { z } from 'zod';
import { readInstant } from '../../../kit/read-instant.ts';
import type { AuditApi } from '../audit-api.ts';
import { listedKeys } from '../credential-report/key-list.ts';
import type { Work } from './desk.ts';
import { isRefused, orRefused, Refused } from './refusal.ts';

export const ListedKey = z.object({ id: z.string(), status: z.string(), created: z.number().optional() });
export type ListedKey = z.infer<typeof ListedKey>;

export const UserKeys = z.union([z.literal('gone'), z.array(ListedKey), Refused]);
export type UserKeys = z.infer<typeof UserKeys>;

/** Sorted by id. */
export async function askKeys(user: string, api: Pick<AuditApi, 'accessKeys'>, work: Work): Promise<UserKeys> {
  const answer = await orRefused('ram:ListAccessKeys', work, () => api.accessKeys(user, work.signal));
  if (answer === 'gone' || isRefused(answer)) return answer;
  return listedKeys(answer.accessKeys.accessKey).map(({ id, status, created }) => {
    const instant = readInstant(created);
    return { id, status, ...(instant === undefined ? {} : { created: instant }) };
  });
}
