import { Fault } from '../../../domain/fault.ts';
import { formatInstant } from '../../../domain/instant.ts';
import { type CredentialRecord, valueOf } from '../../../domain/record.ts';
import type { ParsedReport } from '../../../domain/report.ts';
import { ask, type Told } from '../../../kit/asking.ts';
import { readInstant } from '../../../kit/read-instant.ts';
import { untilFault } from '../../../kit/until-fault.ts';
import { formatSecond } from '../../../kit/whole-second.ts';
import type { Look } from '../../provider.ts';
import type { ReportApi } from '../api.ts';
import { askerOf, type Desk } from './desk.ts';
import { hasSameUsers, keyDigest, keyDigests } from './key-cells.ts';
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
  api: ReportApi,
  desk: Desk,
  look: Look,
): Promise<Listed> {
  const part = before?.part;
  if (part !== undefined && before !== undefined && hasSameUsers(current, before.parsed)) {
    return listEach({ current, before, users: byName(part.users), usersAskedAt: part.users_asked_at }, api, desk, look);
  }
  const usersAskedAt = formatInstant(look.clock.now());
  const asked = await listUsers(part, api, desk, look);
  if ('told' in asked) return listEach({ current, before, users: asked.told, usersAskedAt }, api, desk, look);
  const unasked = current.records.filter(
    ({ identity, accessKeys }) => identity.kind === 'user' && accessKeys.length > 0,
  );
  return { part: undefined, unasked: unasked.length, ...asked };
}

/** What was listed of a user earlier stays with the user, not with the name. */
async function listUsers(
  before: AccessKeysPart | undefined,
  api: ReportApi,
  desk: Desk,
  look: Look,
): Promise<Told<ReadonlyMap<string, ListedUser>>> {
  const known = new Map(before?.users.map((user) => [user.user_id, user]));
  const pages = await askList((marker) => api.users(marker, look.signal), desk, askerOf(desk, look));
  if ('fault' in pages) return pages;
  const users = pages.told.flatMap((page) => page.users.user);
  return {
    told: byName(
      users.map(({ userName: name, userId: user_id, createDate }) => {
        const { keys, asked_at } = known.get(user_id) ?? {};
        return {
          name,
          user_id,
          created: secondOf(createDate),
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

async function listEach(plan: Plan, api: ReportApi, desk: Desk, look: Look): Promise<Listed> {
  const digestsBefore = plan.before === undefined ? new Map<string, string>() : keyDigests(plan.before.parsed);
  const turn = untilFault(look.clock, look.clock.now() + LONGEST_ASKING_MS, () => tooLong(desk));
  const users: ListedUser[] = [];
  let unasked = 0;
  for (const record of plan.current.records) {
    const user = plan.users.get(record.identity.id);
    if (user === undefined || !isTheSame(user, record)) continue;
    const isKnown = user.keys !== undefined && digestsBefore.get(user.name) === keyDigest(record);
    if (isKnown || record.accessKeys.length === 0) {
      users.push(isKnown ? user : withoutKeys(user));
      continue;
    }
    const told = await turn.ask(() => listOne(user, api, desk, look));
    if ('fault' in told) unasked += 1;
    users.push('told' in told ? told.told : withoutKeys(user));
  }
  return { part: { version: 1, users_asked_at: plan.usersAskedAt, users }, unasked, fault: turn.fault };
}

async function listOne(user: ListedUser, api: ReportApi, desk: Desk, look: Look): Promise<Told<ListedUser>> {
  const answer = await ask(() => api.accessKeys(user.name, look.signal), askerOf(desk, look));
  if ('fault' in answer) return answer;
  if (answer.told === 'gone') return { told: withoutKeys(user) };
  const keys = listedKeys(answer.told.accessKeys.accessKey);
  return { told: { ...withoutKeys(user), asked_at: formatInstant(look.clock.now()), keys } };
}

interface AnsweredKey {
  readonly accessKeyId: string;
  readonly status: string;
  readonly createDate: string;
}

export function listedKeys(keys: readonly AnsweredKey[]): ListedKey[] {
  return keys
    .map(({ accessKeyId, createDate, status }) => ({ id: accessKeyId.trim(), created: secondOf(createDate), status }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** As the report writes it. What is no date stays as it came, and matches nothing. */
export function secondOf(date: string): string {
  const instant = readInstant(date);
  return instant === undefined ? date : formatSecond(instant);
}

/** A user that was made again under the same name is not the one of the report. */
function isTheSame(user: ListedUser, { identity }: CredentialRecord): boolean {
  return identity.kind === 'user' && isSameUser(user, valueOf(identity.createdAt));
}

function withoutKeys({ name, user_id, created }: ListedUser): ListedUser {
  return { name, user_id, created };
}

function byName(users: readonly ListedUser[]): ReadonlyMap<string, ListedUser> {
  return new Map(users.map((user) => [user.name, user]));
}

function tooLong({ accountId }: Desk): Fault {
  return new Fault('throttled', `account ${accountId}: listing access keys took longer than 10 minutes`);
}
