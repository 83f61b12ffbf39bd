import { Fault } from '../../../domain/fault.ts';
import type { Person } from '../answers.ts';
import type { CamApi } from '../api.ts';
import { isNotAllowed } from '../faults.ts';
import { type Asker, insist } from './asking.ts';
import { type ListedPerson, type Pages, PeoplePage, pageKey } from './pages.ts';

const MOST_PAGES = 2_000;

/** Everybody who may have a row, and what could not be listed. */
export interface Listed {
  /** `accounts`: all in one list. `lists`: one list for each type, as it was before June 2026 and is on the international site. */
  readonly way: 'accounts' | 'lists';
  readonly people: readonly ListedPerson[];
  /** Types that were listed, whether or not there is somebody of them. */
  readonly types: readonly string[];
  readonly missing: readonly MissingList[];
}

export interface MissingList {
  readonly type: string;
  readonly action: string;
  /** Tencent's code, or `site` where the international site has no such list. */
  readonly code: string;
}

/** Types of the one list that has them all. */
const ALL_TYPES = ['SubUser', 'WechatCorpUser', 'Collaborator', 'MessageReceiver', 'CICUser', 'AgentIdentity'];

export async function listPeople(api: CamApi, pages: Pages, asker: Asker): Promise<Listed> {
  if (asker.desk.site === 'mainland') {
    const people = await listAccounts(api, pages, asker);
    if (people !== undefined) return { way: 'accounts', people, types: ALL_TYPES, missing: [] };
  }
  const listed = await listByType(api, pages, asker);
  const refused = asker.desk.site === 'mainland' ? deniedIn(pages) : undefined;
  if (refused === undefined) return listed;
  return { ...listed, missing: [{ type: 'CICUser', action: 'cam:ListAccounts', code: refused }, ...listed.missing] };
}

/** The code, where the one list is there and is not allowed. */
function deniedIn({ taken }: Pages): string | undefined {
  const first = taken.get(pageKey('accounts', 1)) as PeoplePage | undefined; // as it was taken
  return first !== undefined && 'refused' in first && isNotAllowed(first.refused) ? first.refused : undefined;
}

/** Undefined where the cloud has no such action, or does not allow it: then there are the older lists. */
async function listAccounts(api: CamApi, pages: Pages, asker: Asker): Promise<readonly ListedPerson[] | undefined> {
  const people: ListedPerson[] = [];
  const markers = new Set<string>();
  let marker: string | undefined;
  for (let number = 1; number <= MOST_PAGES; number += 1) {
    const from = marker;
    const page = await pages.take(pageKey('accounts', number), PeoplePage, async () => {
      const told = await asker.ask('cam:ListAccounts', () => api.accounts(from, asker.signal));
      if ('refused' in told) {
        if (number > 1 || !isNoSuchAction(told.refused)) throw told.fault;
        return { refused: told.refused };
      }
      const { Users, RequestId, IsTruncated, Marker } = told.told;
      if (IsTruncated && Marker === undefined) throw cutShort(asker, 'cam:ListAccounts');
      return {
        request_id: RequestId,
        people: Users.map((user) => listed(user, 'Unknown')),
        ...(IsTruncated ? { next: Marker } : {}),
      };
    });
    if ('refused' in page) return undefined;
    people.push(...page.people);
    if (page.next === undefined) return people;
    marker = String(page.next);
    if (markers.has(marker)) break;
    markers.add(marker);
  }
  throw new Fault('malformed', `account ${asker.desk.accountId}: Tencent repeats a page of cam:ListAccounts`);
}

function isNoSuchAction(code: string): boolean {
  return /^(?:InvalidAction|UnsupportedOperation|ActionOffline|NoSuchVersion)\b/.test(code) || isNotAllowed(code);
}

interface TypeList {
  readonly type: string;
  readonly action: string;
  readonly name: string;
  readonly isMainlandOnly: boolean;
  read(
    api: CamApi,
    offset: number,
    asker: Asker,
  ): Promise<{ people: readonly Person[]; total: number; id: string | undefined }>;
}

const LISTS: readonly TypeList[] = [
  {
    type: 'SubUser',
    action: 'cam:ListUsers',
    name: 'users',
    isMainlandOnly: false,
    async read(api, _, { signal }) {
      const { Data, RequestId } = await api.users(signal);
      return { people: Data, total: Data.length, id: RequestId };
    },
  },
  {
    type: 'Collaborator',
    action: 'cam:ListCollaborators',
    name: 'collaborators',
    isMainlandOnly: false,
    async read(api, offset, { signal }) {
      const { Data, TotalNum, RequestId } = await api.collaborators(offset, signal);
      return { people: Data, total: TotalNum, id: RequestId };
    },
  },
  {
    type: 'WechatCorpUser',
    action: 'cam:ListWeChatWorkSubAccounts',
    name: 'wecom',
    isMainlandOnly: true,
    async read(api, offset, { signal }) {
      const { Data, TotalCount, RequestId } = await api.weComUsers(offset, signal);
      return { people: Data, total: TotalCount, id: RequestId };
    },
  },
  {
    type: 'MessageReceiver',
    action: 'cam:ListReceiver',
    name: 'receivers',
    isMainlandOnly: true,
    async read(api, offset, { signal }) {
      const { Receivers, TotalCount, RequestId } = await api.receivers(offset, signal);
      return { people: Receivers, total: TotalCount, id: RequestId };
    },
  },
];

async function listByType(api: CamApi, pages: Pages, asker: Asker): Promise<Listed> {
  const people: ListedPerson[] = [];
  const types: string[] = [];
  const missing: MissingList[] = [];
  for (const list of LISTS) {
    const { type, action } = list;
    if (list.isMainlandOnly && asker.desk.site === 'international') missing.push({ type, action, code: 'site' });
    else {
      const found = await listType(list, api, pages, asker);
      if (typeof found === 'string') missing.push({ type, action, code: found });
      else {
        types.push(type);
        people.push(...found);
      }
    }
  }
  return { way: 'lists', people, types, missing };
}

/** The people, or the code by which the list was refused. */
async function listType(
  list: TypeList,
  api: CamApi,
  pages: Pages,
  asker: Asker,
): Promise<readonly ListedPerson[] | string> {
  const people: ListedPerson[] = [];
  let offset = 0;
  for (let number = 1; number <= MOST_PAGES; number += 1) {
    const from = offset;
    const page = await pages.take(pageKey(list.name, number), PeoplePage, async () => {
      const told = await asker.ask(list.action, () => list.read(api, from, asker));
      if ('refused' in told) {
        // Without users there is no report; a company without WeCom has no such group.
        if (list.type === 'SubUser') return insist(told);
        if (told.refused.startsWith('ResourceNotFound')) return { people: [] };
        if (number === 1 && isNotAllowed(told.refused)) return { refused: told.refused };
        throw told.fault;
      }
      const { people: answered, total, id } = told.told;
      const end = from + answered.length;
      if (answered.length === 0 && end < total) throw cutShort(asker, list.action);
      return {
        request_id: id,
        people: answered.map((person) => listed(person, list.type)),
        ...(end < total ? { next: end } : {}),
      };
    });
    if ('refused' in page) return page.refused;
    people.push(...page.people);
    if (page.next === undefined) return people;
    offset = Number(page.next);
  }
  throw new Fault('malformed', `account ${asker.desk.accountId}: ${list.action} has no end`);
}

/** More people were promised than are given: without them they would look deleted. */
function cutShort({ desk }: Asker, action: string): Fault {
  return new Fault(
    'unreachable',
    `account ${desk.accountId}: ${action} says that there are more people, and does not list them`,
  );
}

function listed(person: Person, type: string): ListedPerson {
  const { Uin, Uid, Name, ConsoleLogin, CreateTime, UserType } = person;
  return JSON.parse(
    JSON.stringify({ Uin, Uid, Name, ConsoleLogin, CreateTime, UserType: UserType ?? type }),
  ) as ListedPerson; // fields without a value are gone
}
