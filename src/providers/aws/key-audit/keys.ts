import { z } from 'zod';
import { Fault } from '../../../domain/fault.ts';
import { pageKey } from '../../../kit/page-key.ts';
import { workThrough } from '../../../kit/shift.ts';
import type { Work } from '../audit/desk.ts';
import { type Listed, markerOf } from '../audit/identities.ts';
import type { AuditApi } from '../audit-api.ts';

const USERS_AT_ONCE = 4;
const MOST_PAGES = 100;

/** `gone`: deleted meanwhile. */
const LastUse = z.union([
  z.literal('gone'),
  z.object({ at: z.number().optional(), service: z.string().optional(), region: z.string().optional() }),
]);
type LastUse = z.infer<typeof LastUse>;

const KeysPage = z.union([
  z.literal('gone'),
  z.object({
    keys: z.array(z.object({ id: z.string(), status: z.string(), created: z.number() })),
    next: z.string().optional(),
  }),
]);
type KeysPage = z.infer<typeof KeysPage>;
type KeyOfPage = Exclude<KeysPage, 'gone'>['keys'][number];

export type ListedKey = KeyOfPage & { readonly used: LastUse };
type UsersKeys = 'gone' | readonly ListedKey[];

export interface Owned {
  readonly owner: Listed;
  readonly keys: UsersKeys;
}

type KeyApi = Pick<AuditApi, 'accessKeys' | 'keyLastUsed'>;

/** The keys of every user and when each was last used; or how many users are left when the shift is over. A key leads to `callsOfKey` more calls. */
export async function listKeys(
  users: readonly Listed[],
  callsOfKey: number,
  api: KeyApi,
  work: Work,
): Promise<readonly Owned[] | number> {
  const found: Owned[] = [];
  let calls = users.length;
  const left = await workThrough(users, USERS_AT_ONCE, work.shift, async (owner, index) => {
    work.pages.expect(calls);
    const keys = await keysOf(owner.name, pageKey('keys', index + 1), api, work);
    found[index] = { owner, keys };
    calls += keys === 'gone' ? 0 : keys.length * (1 + callsOfKey);
    return 'done';
  });
  work.pages.expect(calls);
  return left > 0 ? left : found;
}

async function keysOf(user: string, name: string, api: KeyApi, work: Work): Promise<UsersKeys> {
  const keys: ListedKey[] = [];
  let marker: string | undefined;
  for (let number = 1; number <= MOST_PAGES; number += 1) {
    const from = marker;
    const page = await work.pages.take(`${name}-${number}`, KeysPage, () => pageOf(user, from, api, work));
    if (page === 'gone') return 'gone';
    for (const key of page.keys) {
      const used = await work.pages.take(`${name}-${key.id}`, LastUse, () => lastUse(key.id, api, work));
      keys.push({ ...key, used });
    }
    marker = page.next;
    if (marker === undefined) return keys.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  }
  throw new Fault('malformed', `account ${work.desk.accountId}: iam:ListAccessKeys has no end`);
}

async function pageOf(user: string, marker: string | undefined, api: KeyApi, work: Work): Promise<KeysPage> {
  const answer = await work.ask(() => api.accessKeys(user, marker, work.signal));
  if (answer === 'gone') return 'gone';
  const keys = answer.AccessKeyMetadata.map(({ AccessKeyId: id, Status: status, CreateDate }) => ({
    id,
    status,
    created: CreateDate.getTime(),
  }));
  return { keys, next: markerOf(answer) };
}

/** `N/A` stands for a key that was never used, or a service without regions. */
async function lastUse(id: string, api: KeyApi, work: Work): Promise<LastUse> {
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
