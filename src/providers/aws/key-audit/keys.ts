import { z } from 'zod';
import { Fault } from '../../../domain/fault.ts';
import { pageKey } from '../../../kit/attempt-pages.ts';
import { concurrently } from '../../../kit/concurrently.ts';
import { workThrough } from '../../../kit/shift.ts';
import type { Work } from '../audit/desk.ts';
import { type Listed, markerOf } from '../audit/identities.ts';
import type { AuditApi } from '../audit-api.ts';

/** Users of one page: what a crash repeats at most. */
const USERS_OF_PAGE = 4;
const PAGES_AT_ONCE = 1;
const MOST_PAGES = 100;

const LastUse = z.object({ at: z.number().optional(), service: z.string().optional(), region: z.string().optional() });

const ListedKey = z.object({
  id: z.string(),
  status: z.string(),
  created: z.number(),
  /** `gone`: deleted meanwhile. */
  used: z.union([z.literal('gone'), LastUse]),
});
export type ListedKey = z.infer<typeof ListedKey>;

const KeysPage = z.object({
  users: z.array(z.object({ arn: z.string(), keys: z.union([z.literal('gone'), z.array(ListedKey)]) })),
});
type KeysPage = z.infer<typeof KeysPage>;
type UsersKeys = KeysPage['users'][number]['keys'];

export interface Owned {
  readonly owner: Listed;
  readonly keys: UsersKeys;
}

type KeyApi = Pick<AuditApi, 'accessKeys' | 'keyLastUsed'>;

/** The keys of every user and when each was last used; or how many users are left when the shift is over. */
export async function listKeys(users: readonly Listed[], api: KeyApi, work: Work): Promise<readonly Owned[] | number> {
  const batches = inBatches(users);
  const found: Owned[][] = [];
  const left = await workThrough(batches, PAGES_AT_ONCE, work.shift, async (batch, index) => {
    const page = await work.pages.take(pageKey('keys', index + 1), KeysPage, () => askBatch(batch, api, work));
    const byArn = new Map(page.users.map(({ arn, keys }) => [arn, keys]));
    found[index] = batch.map((owner) => ({ owner, keys: byArn.get(owner.arn) ?? 'gone' }));
    return 'done';
  });
  return left > 0 ? left * USERS_OF_PAGE : found.flat();
}

async function askBatch(batch: readonly Listed[], api: KeyApi, work: Work): Promise<KeysPage> {
  const users: KeysPage['users'] = [];
  await concurrently(batch.entries(), USERS_OF_PAGE, async ([index, { name, arn }]) => {
    users[index] = { arn, keys: await keysOf(name, api, work) };
  });
  return { users };
}

async function keysOf(user: string, api: KeyApi, work: Work): Promise<UsersKeys> {
  const keys: ListedKey[] = [];
  let marker: string | undefined;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const from = marker;
    const answer = await work.ask(() => api.accessKeys(user, from, work.signal));
    if (answer === 'gone') return 'gone';
    for (const { AccessKeyId: id, Status: status, CreateDate } of answer.AccessKeyMetadata)
      keys.push({ id, status, created: CreateDate.getTime(), used: await lastUse(id, api, work) });
    marker = markerOf(answer);
    if (marker === undefined) return keys.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  }
  throw new Fault('malformed', `account ${work.desk.accountId}: iam:ListAccessKeys has no end`);
}

/** `N/A` stands for a key that was never used, or a service without regions. */
async function lastUse(id: string, api: KeyApi, work: Work): Promise<ListedKey['used']> {
  const answer = await work.ask(() => api.keyLastUsed(id, work.signal));
  if (answer === 'gone') return 'gone';
  const { LastUsedDate, ServiceName, Region } = answer.AccessKeyLastUsed ?? {};
  return {
    ...(LastUsedDate === undefined ? {} : { at: LastUsedDate.getTime() }),
    ...(isTold(ServiceName) ? { service: ServiceName } : {}),
    ...(isTold(Region) ? { region: Region } : {}),
  };
}

function isTold(word: string | undefined): word is string {
  return word !== undefined && word !== '' && word !== 'N/A';
}

function inBatches(users: readonly Listed[]): readonly (readonly Listed[])[] {
  const count = Math.ceil(users.length / USERS_OF_PAGE);
  return Array.from({ length: count }, (_, index) => users.slice(index * USERS_OF_PAGE, (index + 1) * USERS_OF_PAGE));
}
