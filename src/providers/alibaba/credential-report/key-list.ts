import { ask, type Told } from '../../../kit/asking.ts';
import { readInstant } from '../../../kit/read-instant.ts';
import { formatSecond } from '../../../kit/whole-second.ts';
import type { Look } from '../../provider.ts';
import type { KeyLister } from '../../shared/key-list.ts';
import type { ListedKey, ListedUser } from '../../shared/listed-keys.ts';
import type { ReportApi } from '../api.ts';
import { askerOf, type Desk } from './desk.ts';
import { askList } from './lists.ts';

export function keyLister(api: ReportApi, desk: Desk, look: Look): KeyLister {
  return {
    accountId: desk.accountId,
    clock: look.clock,
    users: () => listUsers(api, desk, look),
    keysOf: (user) => listOne(user, api, desk, look),
  };
}

async function listUsers(api: ReportApi, desk: Desk, look: Look): Promise<Told<readonly ListedUser[]>> {
  const pages = await askList((marker) => api.users(marker, look.signal), desk, askerOf(desk, look));
  if ('fault' in pages) return pages;
  const users = pages.told.flatMap((page) => page.users.user);
  return {
    told: users.map(({ userName: name, userId: user_id, createDate }) => {
      return { name, user_id, created: secondOf(createDate) };
    }),
  };
}

async function listOne(
  { name }: ListedUser,
  api: ReportApi,
  desk: Desk,
  look: Look,
): Promise<Told<readonly ListedKey[] | 'gone'>> {
  const answer = await ask(() => api.accessKeys(name, look.signal), askerOf(desk, look));
  if ('fault' in answer) return answer;
  if (answer.told === 'gone') return { told: 'gone' };
  return { told: listedKeys(answer.told.accessKeys.accessKey) };
}

interface AnsweredKey {
  readonly accessKeyId: string;
  readonly status: string;
  readonly createDate: string;
}

/** Sorted by id. */
export function listedKeys(keys: readonly AnsweredKey[]): readonly ListedKey[] {
  return keys
    .map(({ accessKeyId, createDate, status }) => ({ id: accessKeyId.trim(), created: secondOf(createDate), status }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** As the report writes it. What is no date stays as it came, and matches nothing. */
export function secondOf(date: string): string {
  const instant = readInstant(date);
  return instant === undefined ? date : formatSecond(instant);
}
