import { Fault } from '../../../domain/fault.ts';
import { formatInstant } from '../../../domain/instant.ts';
import { type CredentialRecord, valueOf } from '../../../domain/record.ts';
import type { ParsedReport } from '../../../domain/report.ts';
import type { Told } from '../../../kit/asking.ts';
import { untilFault } from '../../../kit/until-fault.ts';
import { formatSecond } from '../../../kit/whole-second.ts';
import type { Look } from '../../provider.ts';
import type { IamApi } from '../api.ts';
import { askerOf, type Desk } from './desk.ts';
import { hasSameUsers, type KeyCells, keyCells } from './key-cells.ts';
import { isSameUser } from './known.ts';
import { askList } from './lists.ts';
import { type AccessKeysPart, type ListedKey, type ListedUser } from './parts.ts';

/** After so long the report goes out; the keys that are not known then are asked for at the next one. */
const LONGEST_ASKING_MS = 10 * 60_000;

/** The head, as far as it saves calls. */
export interface Before {
  readonly parsed: ParsedReport;
  readonly part: AccessKeysPart | undefined;
}

export interface Listed {
  /** Undefined when not even the users are known. */
  readonly part: AccessKeysPart | undefined;
  /** Users whose key ids are not known in this report, although they have keys, and why. */
  readonly unasked: number;
  readonly fault: Fault | undefined;
}

/** User ids and access key ids: asks for users only when their set changed, and for keys only of users whose key cells changed. */
export async function listKeys(
  current: ParsedReport,
  before: Before | undefined,
  api: IamApi,
  desk: Desk,
  look: Look,
): Promise<Listed> {
  const part = before?.part;
  if (part !== undefined && before !== undefined && hasSameUsers(current, before.parsed)) {
    return listEach({ current, before, users: byArn(part.users), usersAskedAt: part.users_asked_at }, api, desk, look);
  }
  const usersAskedAt = formatInstant(look.clock.now());
  const asked = await listUsers(part, api, desk, look);
  if ('told' in asked) return listEach({ current, before, users: asked.told, usersAskedAt }, api, desk, look);
  return {
    part: undefined,
    unasked: [...keyCells(current).values()].filter((cells) => cells.hasKeys).length,
    ...asked,
  };
}

/** What was listed of a user earlier stays with the user, not with the name. */
async function listUsers(
  before: AccessKeysPart | undefined,
  api: IamApi,
  desk: Desk,
  look: Look,
): Promise<Told<ReadonlyMap<string, ListedUser>>> {
  const known = new Map(before?.users.map((user) => [user.user_id, user]));
  const pages = await askList((marker) => api.users(marker, look.signal), desk, askerOf(desk, look));
  if ('fault' in pages) return pages;
  const users = pages.told.flatMap((page) => page.Users);
  return {
    told: byArn(
      users.map((user) => {
        const { keys, asked_at } = known.get(user.UserId) ?? {};
        return {
          name: user.UserName,
          user_id: user.UserId,
          arn: user.Arn,
          created: formatSecond(user.CreateDate.getTime()),
          ...(asked_at === undefined ? {} : { asked_at }),
          ...(keys === undefined ? {} : { keys }),
        };
      }),
    ),
  };
}

interface Plan {
  readonly current: ParsedReport;
  readonly before: Before | undefined;
  readonly users: ReadonlyMap<string, ListedUser>;
  readonly usersAskedAt: string;
}

async function listEach(plan: Plan, api: IamApi, desk: Desk, look: Look): Promise<Listed> {
  const cellsBefore = plan.before === undefined ? new Map<string, KeyCells>() : keyCells(plan.before.parsed);
  const cellsNow = keyCells(plan.current);
  const turn = untilFault(look.clock, look.clock.now() + LONGEST_ASKING_MS, () => tooLong(desk));
  const users: ListedUser[] = [];
  let unasked = 0;
  for (const record of plan.current.records) {
    const user = plan.users.get(record.identity.id);
    const cells = cellsNow.get(record.identity.id);
    if (user === undefined || cells === undefined || !isTheSame(user, record)) continue;
    const isKnown = user.keys !== undefined && cellsBefore.get(user.arn)?.digest === cells.digest;
    if (isKnown || !cells.hasKeys) {
      users.push(isKnown ? user : withoutKeys(user));
      continue;
    }
    const told = await turn.ask(() => listOne(user, api, desk, look));
    if ('fault' in told) unasked += 1;
    users.push('told' in told ? told.told : withoutKeys(user));
  }
  return { part: { version: 1, users_asked_at: plan.usersAskedAt, users }, unasked, fault: turn.fault };
}

async function listOne(user: ListedUser, api: IamApi, desk: Desk, look: Look): Promise<Told<ListedUser>> {
  let isGone = false;
  const pages = await askList(
    async (marker) => {
      const page = await api.accessKeys(user.name, marker, look.signal);
      if (page !== 'gone') return page;
      isGone = true;
      return { AccessKeyMetadata: [] };
    },
    desk,
    askerOf(desk, look),
  );
  if ('fault' in pages) return pages;
  if (isGone) return { told: withoutKeys(user) };
  const keys = pages.told.flatMap((page) => page.AccessKeyMetadata).map(listedKey);
  keys.sort((a, b) => (a.id < b.id ? -1 : 1));
  return { told: { ...withoutKeys(user), asked_at: formatInstant(look.clock.now()), keys } };
}

function listedKey(key: {
  readonly AccessKeyId: string;
  readonly Status: string;
  readonly CreateDate: Date;
}): ListedKey {
  return { id: key.AccessKeyId, created: formatSecond(key.CreateDate.getTime()), status: key.Status };
}

/** A user that was made again under the same name is not the one of the report. */
function isTheSame(user: ListedUser, { identity }: CredentialRecord): boolean {
  return identity.kind === 'user' && isSameUser(user, valueOf(identity.createdAt));
}

function withoutKeys({ name, user_id, arn, created }: ListedUser): ListedUser {
  return { name, user_id, arn, created };
}

function byArn(users: readonly ListedUser[]): ReadonlyMap<string, ListedUser> {
  return new Map(users.map((user) => [user.arn, user]));
}

function tooLong({ accountId }: Desk): Fault {
  return new Fault('throttled', `account ${accountId}: listing access keys took longer than 10 minutes`);
}
