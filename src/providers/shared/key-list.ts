import type { Clock } from '../../domain/clock.ts';
import { Fault } from '../../domain/fault.ts';
import { formatInstant } from '../../domain/instant.ts';
import { type CredentialRecord, valueOf } from '../../domain/record.ts';
import type { ParsedReport } from '../../domain/report.ts';
import type { Told } from '../../kit/asking.ts';
import { untilFault } from '../../kit/until-fault.ts';
import {
  type AccessKeysPart,
  byReportId,
  isSameUser,
  type ListedKey,
  type ListedUser,
  type ListedUsers,
} from './listed-keys.ts';

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

/** One account's cloud, as far as its users and their keys can be listed. */
export interface KeyLister {
  readonly accountId: string;
  readonly clock: Clock;
  users(): Promise<Told<readonly ListedUser[]>>;
  keysOf(user: ListedUser): Promise<Told<readonly ListedKey[] | 'gone'>>;
  /** What a row says of keys that a record has no place for; nothing where it says nothing. */
  readonly moreKeys?: (record: CredentialRecord, parsed: ParsedReport) => string;
}

/** User ids and access key ids: asks for users only when their set changed, and for keys only of users whose key cells changed. */
export async function listKeys(current: ParsedReport, before: Before | undefined, lister: KeyLister): Promise<Listed> {
  const part = before?.part;
  if (part !== undefined && before !== undefined && hasSameUsers(current, before.parsed)) {
    return listEach({ current, before, users: byReportId(part.users), usersAskedAt: part.users_asked_at }, lister);
  }
  const usersAskedAt = formatInstant(lister.clock.now());
  const asked = await lister.users();
  if ('fault' in asked) {
    const unasked = current.records.filter((record) => hasKeys(record, current, lister));
    return { part: undefined, unasked: unasked.length, ...asked };
  }
  const users = byReportId(withEarlier(asked.told, part));
  return listEach({ current, before, users, usersAskedAt }, lister);
}

/** What was listed of a user earlier stays with the user, not with the name. */
function withEarlier(users: readonly ListedUser[], part: AccessKeysPart | undefined): readonly ListedUser[] {
  const earlier = new Map(part?.users.map((user) => [user.user_id, user]));
  return users.map((user) => {
    const { keys, asked_at } = earlier.get(user.user_id) ?? {};
    return { ...user, ...(asked_at === undefined ? {} : { asked_at }), ...(keys === undefined ? {} : { keys }) };
  });
}

interface Plan {
  readonly current: ParsedReport;
  readonly before: Before | undefined;
  readonly users: ListedUsers;
  readonly usersAskedAt: string;
}

async function listEach({ current, before, users: known, usersAskedAt }: Plan, lister: KeyLister): Promise<Listed> {
  const digestsBefore = before === undefined ? new Map<string, string>() : digestsOf(before.parsed, lister);
  const turn = untilFault(lister.clock, lister.clock.now() + LONGEST_ASKING_MS, () => tooLong(lister));
  const users: ListedUser[] = [];
  let unasked = 0;
  for (const record of current.records) {
    const user = known.get(record.identity.id);
    if (user === undefined || !isTheSame(user, record)) continue;
    const isKnown =
      user.keys !== undefined && digestsBefore.get(record.identity.id) === digestOf(record, current, lister);
    if (isKnown || !hasKeys(record, current, lister)) {
      users.push(isKnown ? user : withoutKeys(user));
      continue;
    }
    const told = await turn.ask(() => listOne(user, lister));
    if ('fault' in told) unasked += 1;
    users.push('told' in told ? told.told : withoutKeys(user));
  }
  return { part: { version: 1, users_asked_at: usersAskedAt, users }, unasked, fault: turn.fault };
}

async function listOne(user: ListedUser, lister: KeyLister): Promise<Told<ListedUser>> {
  const answer = await lister.keysOf(user);
  if ('fault' in answer) return answer;
  if (answer.told === 'gone') return { told: withoutKeys(user) };
  const keys = answer.told.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return { told: { ...withoutKeys(user), asked_at: formatInstant(lister.clock.now()), keys } };
}

function withoutKeys({ name, user_id, arn, created }: ListedUser): ListedUser {
  return { name, user_id, ...(arn === undefined ? {} : { arn }), created };
}

/** A user that was made again under the same name is not the one of the report. */
function isTheSame(user: ListedUser, { identity }: CredentialRecord): boolean {
  return identity.kind === 'user' && isSameUser(user, valueOf(identity.createdAt));
}

/** Whether the two reports have the same users, each made at the same time. */
function hasSameUsers(current: ParsedReport, before: ParsedReport): boolean {
  const madeAt = new Map(before.records.map(({ identity }) => [identity.id, valueOf(identity.createdAt)]));
  if (madeAt.size !== current.records.length) return false;
  return current.records.every(
    ({ identity }) => madeAt.has(identity.id) && madeAt.get(identity.id) === valueOf(identity.createdAt),
  );
}

function digestsOf(parsed: ParsedReport, lister: KeyLister): ReadonlyMap<string, string> {
  return new Map(parsed.records.map((record) => [record.identity.id, digestOf(record, parsed, lister)]));
}

/** Changes when a key is made, deleted, switched on or off, or when the user is another one of the same name. Use does not matter. */
function digestOf(record: CredentialRecord, parsed: ParsedReport, { moreKeys }: KeyLister): string {
  // Slots are not stable: their order takes no part.
  const keys = record.accessKeys.map((key) => `${valueOf(key.createdAt)} ${valueOf(key.active)}`).sort();
  return JSON.stringify([valueOf(record.identity.createdAt), keys, moreKeys?.(record, parsed) ?? '']);
}

/** The root's are not listed. */
function hasKeys(record: CredentialRecord, parsed: ParsedReport, { moreKeys }: KeyLister): boolean {
  if (record.identity.kind !== 'user') return false;
  return record.accessKeys.length > 0 || (moreKeys?.(record, parsed) ?? '') !== '';
}

function tooLong({ accountId }: KeyLister): Fault {
  return new Fault('throttled', `account ${accountId}: listing access keys took longer than 10 minutes`);
}
