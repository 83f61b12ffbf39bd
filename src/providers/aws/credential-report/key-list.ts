import type { CredentialRecord } from '../../../domain/record.ts';
import type { ParsedReport } from '../../../domain/report.ts';
import type { Told } from '../../../kit/asking.ts';
import { formatSecond } from '../../../kit/whole-second.ts';
import type { Look } from '../../provider.ts';
import type { KeyLister } from '../../shared/key-list.ts';
import type { ListedKey, ListedUser } from '../../shared/listed-keys.ts';
import type { IamApi } from '../api.ts';
import { EXTRA_COLUMN } from './columns.ts';
import { askerOf, type Desk } from './desk.ts';
import { askList } from './lists.ts';

const NO_MORE = ['N/A', 'not_supported'];

export function keyLister(api: IamApi, desk: Desk, look: Look): KeyLister {
  return {
    accountId: desk.accountId,
    clock: look.clock,
    moreKeys,
    users: () => listUsers(api, desk, look),
    keysOf: (user) => listOne(user, api, desk, look),
  };
}

function moreKeys({ cells }: CredentialRecord, { columns }: ParsedReport): string {
  const additional = cells[columns.indexOf(EXTRA_COLUMN)];
  return additional === undefined || NO_MORE.includes(additional) ? '' : additional;
}

async function listUsers(api: IamApi, desk: Desk, look: Look): Promise<Told<readonly ListedUser[]>> {
  const pages = await askList((marker) => api.users(marker, look.signal), desk, askerOf(desk, look));
  if ('fault' in pages) return pages;
  const users = pages.told.flatMap((page) => page.Users);
  return {
    told: users.map(({ UserName: name, UserId: user_id, Arn: arn, CreateDate }) => {
      return { name, user_id, arn, created: formatSecond(CreateDate.getTime()) };
    }),
  };
}

async function listOne(
  { name }: ListedUser,
  api: IamApi,
  desk: Desk,
  look: Look,
): Promise<Told<readonly ListedKey[] | 'gone'>> {
  let isGone = false;
  const pages = await askList(
    async (marker) => {
      const page = await api.accessKeys(name, marker, look.signal);
      if (page !== 'gone') return page;
      isGone = true;
      return { AccessKeyMetadata: [] };
    },
    desk,
    askerOf(desk, look),
  );
  if ('fault' in pages) return pages;
  if (isGone) return { told: 'gone' };
  const keys = pages.told.flatMap((page) => page.AccessKeyMetadata);
  return {
    told: keys.map(({ AccessKeyId: id, CreateDate, Status: status }) => {
      return { id, created: formatSecond(CreateDate.getTime()), status };
    }),
  };
}
