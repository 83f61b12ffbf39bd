import { formatInstant } from '../../../domain/instant.ts';
import type { Part } from '../../../domain/report.ts';
import { writeJson } from '../../../kit/json-bytes.ts';
import { sayMissing, sayThere } from '../../../kit/say-once.ts';
import { formatSecond } from '../../../kit/whole-second.ts';
import type { Look } from '../../provider.ts';
import type { IamApi } from '../api.ts';
import { askerOf, type Desk } from './desk.ts';
import { askList } from './lists.ts';
import type { Missing } from './not-visible.ts';
import { USER_TAGS_PART, type UserTagsPart } from './parts.ts';

/** The tags of all users, a page at a time: of the policies that AWS sends with each user nothing is kept. */
export async function addUserTags(parts: Part[], api: IamApi, desk: Desk, look: Look): Promise<Missing['userTags']> {
  const what = 'the tags of users are not known';
  const pages = await askList((marker) => api.userDetails(marker, look.signal), desk, askerOf(desk, look));
  if ('fault' in pages) {
    sayMissing(what, pages.fault.message, desk);
    return { fault: pages.fault.kind };
  }
  sayThere(what, desk);
  const users = pages.told
    .flatMap((page) => page.UserDetailList)
    .map(({ Arn, CreateDate, Tags }) => ({
      arn: Arn,
      created: formatSecond(CreateDate.getTime()),
      tags: Tags.map(({ Key, Value }) => ({ key: Key, value: Value })).sort(byKey),
    }))
    .sort((a, b) => (a.arn < b.arn ? -1 : 1));
  const part: UserTagsPart = { version: 1, asked_at: formatInstant(look.clock.now()), users };
  parts.push({ name: USER_TAGS_PART, bytes: writeJson(part) });
  return undefined;
}

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : 1;
}
