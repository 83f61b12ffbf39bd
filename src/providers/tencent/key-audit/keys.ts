import { z } from 'zod';
import { workThrough } from '../../../kit/shift.ts';
import type { CamApi } from '../api.ts';
import type { Work } from '../audit/desk.ts';
import { createdField, type Person } from '../audit/people.ts';
import { pageKey } from '../credential-report/pages.ts';
import { isNotAllowed } from '../faults.ts';

/** As many as the cloud takes in one call. */
const KEYS_OF_CALL = 10;
const CALLS_AT_ONCE = 4;

const ListedKey = z.object({ id: z.string(), status: z.string(), created: z.string() });
export type ListedKey = z.infer<typeof ListedKey>;

const KeysPage = z.object({
  keys: z.union([z.object({ refused: z.string() }), z.array(ListedKey)]),
  request_id: z.string().optional(),
});
type KeysPage = z.infer<typeof KeysPage>;

export interface Owned {
  readonly owner: Person;
  /** Tencent's code, where it does not tell of this one. */
  readonly keys: KeysPage['keys'];
}

type KeyApi = Pick<CamApi, 'accessKeys' | 'lastUsed'>;

/** The keys of everybody; or of how many they are still to be asked for when the shift is over. A key leads to `callsOfKey` more calls. */
export async function listKeys(
  people: readonly Person[],
  callsOfKey: number,
  api: KeyApi,
  work: Work,
): Promise<readonly Owned[] | number> {
  const found: Owned[] = [];
  let calls = people.length;
  const left = await workThrough(people, CALLS_AT_ONCE, work.shift, async (owner, index) => {
    work.pages.expect(calls);
    const name = pageKey('keys', index + 1);
    const { keys } = await work.pages.take(name, KeysPage, () => keysOf(owner.uin, api, work));
    found[index] = { owner, keys };
    calls += 'refused' in keys ? 0 : keys.length * callsOfKey;
    return 'done';
  });
  work.pages.expect(calls);
  return left > 0 ? left : found;
}

async function keysOf(uin: number, api: KeyApi, work: Work): Promise<KeysPage> {
  const told = await work.asker.ask('cam:ListAccessKeys', () => api.accessKeys(uin, work.signal));
  if ('refused' in told) {
    if (isNotAllowed(told.refused)) throw told.fault;
    return { keys: { refused: told.refused } };
  }
  const { AccessKeys, RequestId } = told.told;
  const keys = AccessKeys.map(({ AccessKeyId, Status, CreateTime }) => ({
    id: AccessKeyId,
    status: Status,
    created: CreateTime,
  }));
  const sorted = keys.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  return { keys: sorted, ...(RequestId === undefined ? {} : { request_id: RequestId }) };
}

const LastUsePage = z.union([
  z.object({ refused: z.string() }),
  z.object({
    request_id: z.string().optional(),
    keys: z.array(z.object({ id: z.string(), at: z.number().optional(), day: z.string().optional() })),
  }),
]);

/** An instant, or only a day that is up to a day late; Tencent's code where it was refused. */
export type LastUse =
  | { readonly at?: number | undefined; readonly day?: string | undefined }
  | { readonly refused: string };

export async function askLastUses(
  ids: readonly string[],
  api: KeyApi,
  work: Work,
): Promise<ReadonlyMap<string, LastUse> | number> {
  const found = new Map<string, LastUse>();
  const left = await workThrough(inBatches(ids, KEYS_OF_CALL), CALLS_AT_ONCE, work.shift, async (batch, index) => {
    const page = await work.pages.take(pageKey('last-used', index + 1), LastUsePage, async () => {
      const told = await work.asker.askIfUseful('cam:GetSecurityLastUsed', () => api.lastUsed(batch, work.signal));
      if ('refused' in told) return { refused: told.refused };
      const { SecretIdLastUsedRows, RequestId } = told.told;
      const keys = SecretIdLastUsedRows.map(({ SecretId: id, LastSecretUsedDate, LastUsedDate }) => ({
        id,
        ...(LastSecretUsedDate === undefined ? {} : { at: LastSecretUsedDate }),
        ...(LastUsedDate === undefined ? {} : { day: LastUsedDate }),
      }));
      return { ...(RequestId === undefined ? {} : { request_id: RequestId }), keys };
    });
    if ('refused' in page) for (const id of batch) found.set(id, page);
    else for (const { id, ...use } of page.keys) found.set(id, use);
    return 'done';
  });
  return left > 0 ? left * KEYS_OF_CALL : found;
}

export function createdAtOf({ created }: ListedKey, work: Work): number | undefined {
  const field = createdField(created, work);
  return 'value' in field ? field.value : undefined;
}

function inBatches<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size));
}
