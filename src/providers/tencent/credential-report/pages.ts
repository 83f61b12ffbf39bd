import { z } from 'zod';
import type { Attempt } from '../../../domain/attempt.ts';
import { Fault } from '../../../domain/fault.ts';
import { readJson } from '../../../kit/json-bytes.ts';
import type { Shift } from '../../../kit/shift.ts';

const Count = z.number().int().nonnegative();
const RequestId = { request_id: z.string().optional() };

/** The cloud said no: to all of a page, or to one call of it. */
const Refused = z.object({ refused: z.string() });

/** Personal data is not in here: it was never read. */
export const ListedPerson = z.object({
  Uin: Count.optional(),
  Uid: Count.optional(),
  Name: z.string(),
  ConsoleLogin: Count.optional(),
  CreateTime: z.string().optional(),
  UserType: z.string(),
});
export type ListedPerson = z.infer<typeof ListedPerson>;

/** One page of a list of people. `next` is where the following one begins. */
export const PeoplePage = z.union([
  Refused,
  z.object({ ...RequestId, people: z.array(ListedPerson), next: z.union([z.string(), Count]).optional() }),
]);
export type PeoplePage = z.infer<typeof PeoplePage>;

export const DetailsPage = z.union([
  Refused,
  z.object({
    ...RequestId,
    accounts: z.array(
      z.object({
        Uin: Count,
        UserType: Count.optional(),
        CreateTime: z.string().optional(),
        LastLoginTime: z.string().optional(),
      }),
    ),
  }),
]);
export type DetailsPage = z.infer<typeof DetailsPage>;

const Keys = z.object({
  ...RequestId,
  keys: z.array(z.object({ AccessKeyId: z.string(), Status: z.string(), CreateTime: z.string() })),
});
const Flags = z.object({ ...RequestId, login: z.array(z.string()), action: z.array(z.string()) });

/** What was asked of each of some people. The flags are those that are set. */
export const CredentialsPage = z.object({
  people: z.array(z.object({ Uin: Count, keys: z.union([Refused, Keys]), flags: z.union([Refused, Flags]) })),
});
export type CredentialsPage = z.infer<typeof CredentialsPage>;
export type PersonsCredentials = CredentialsPage['people'][number];

export const LastUsedPage = z.object({
  calls: z.array(
    z.union([
      z.object({ refused: z.string(), ids: z.array(z.string()) }),
      z.object({
        ...RequestId,
        keys: z.array(
          z.object({
            SecretId: z.string(),
            LastUsedDate: z.string().optional(),
            LastSecretUsedDate: Count.optional(),
          }),
        ),
      }),
    ]),
  ),
});
export type LastUsedPage = z.infer<typeof LastUsedPage>;

export const SummaryPage = z.union([Refused, z.object({ ...RequestId, users: Count })]);
export type SummaryPage = z.infer<typeof SummaryPage>;

/** The shift is over: what was asked is kept, and whoever takes the work up goes on from there. */
export class LaidAside extends Error {}

/** Pages of one attempt. What was once answered is not asked again, whoever asked it. */
export interface Pages {
  take<T>(key: string, schema: z.ZodType<T>, ask: () => Promise<T>): Promise<T>;
  /** All that were taken, by key. */
  readonly taken: ReadonlyMap<string, unknown>;
}

export function pagesOf(attempt: Attempt, accountId: string, shift?: Shift): Pages {
  const taken = new Map<string, unknown>();
  async function take<T>(key: string, schema: z.ZodType<T>, ask: () => Promise<T>): Promise<T> {
    const page = readJson((await attempt.get(key)) ?? (await asked(key, ask)), schema);
    if (page === undefined || page === 'damaged') {
      throw new Fault(
        'malformed',
        `account ${accountId}: the kept answer ${key} is not understood; wait for the next attempt`,
      );
    }
    taken.set(key, page);
    return page;
  }
  async function asked<T>(key: string, ask: () => Promise<T>): Promise<Uint8Array> {
    if (shift?.isOver() === true) throw new LaidAside(`before ${key}`);
    shift?.begin();
    return keep(key, await ask());
  }
  /** Another collector may have been faster: then its answer counts for both. */
  async function keep(key: string, answer: unknown): Promise<Uint8Array> {
    const bytes = new TextEncoder().encode(JSON.stringify(answer));
    await attempt.put(key, bytes);
    return (await attempt.get(key)) ?? bytes;
  }
  return { take, taken };
}

export function pageKey(name: string, number: number): string {
  return `${name}-${String(number).padStart(4, '0')}`;
}
