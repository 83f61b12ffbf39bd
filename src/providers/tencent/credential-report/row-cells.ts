import type { Instant } from '../../../domain/instant.ts';
import type { Details, LastUse } from './credentials.ts';
import type { ListedPerson, PersonsCredentials } from './pages.ts';
import { flag, NO, NONE, NOT_SUPPORTED, refused, unknown, YES } from './tokens.ts';
import { readZoned, writeZoned } from './zone.ts';

const DAY_MS = 86_400_000;
const SLOTS = 2;

/** Tencent's word for a type in its report, by the word in its API. */
const REPORT_TYPES: Readonly<Record<string, string>> = {
  SubUser: 'Sub-user',
  Collaborator: 'Collaborator',
  WechatCorpUser: 'WeWork Sub-user',
  MessageReceiver: 'Message receiver',
};

/** All that was found out about one person. */
export interface Found {
  readonly person: ListedPerson;
  readonly details: Details | string | undefined;
  readonly credentials: PersonsCredentials | undefined;
  lastUse(secretId: string): LastUse | undefined;
}

/** By what, and as of when, answers become cells. */
export interface Frame {
  readonly startedAt: Instant;
  readonly timeZone: string;
}

/** One row of the report, column by column as the README's table says. */
export function cellsOf(found: Found, frame: Frame): readonly string[] {
  const { person } = found;
  return [
    idOf(person),
    person.Name,
    REPORT_TYPES[person.UserType] ?? person.UserType,
    createdCell(found),
    ...passwordCells(person),
    consoleCell(person),
    ...protectionCells(found),
    unknown('no_api'),
    ...keyCells(found, frame),
    lastLoginCell(found),
  ];
}

/** A message receiver may have no account id of its own. */
export function idOf({ Uin, Uid }: ListedPerson): string {
  return Uin === undefined ? `uid:${Uid ?? ''}` : String(Uin);
}

function createdCell({ person, details }: Found): string {
  const told = person.CreateTime ?? (typeof details === 'object' ? details.CreateTime : undefined);
  if (told !== undefined) return told;
  if (typeof details === 'string') return refused(details);
  return unknown(person.Uin === undefined ? 'no_uin' : 'failed');
}

function passwordCells({ UserType, ConsoleLogin }: ListedPerson): readonly [string, string] {
  if (REPORT_TYPES[UserType] !== undefined && UserType !== 'SubUser') return [NOT_SUPPORTED, NOT_SUPPORTED];
  if (ConsoleLogin === undefined) return [unknown('failed'), unknown('no_api')];
  // Opening the console gives a user a password, and closing it takes it away.
  return ConsoleLogin === 1 ? [YES, unknown('no_api')] : [NO, NO];
}

function consoleCell({ UserType, ConsoleLogin }: ListedPerson): string {
  if (UserType === 'Collaborator' || UserType === 'MessageReceiver') return NOT_SUPPORTED;
  return ConsoleLogin === undefined ? unknown('failed') : flag(ConsoleLogin === 1);
}

/** What may be asked for as a second factor. Phone, WeChat and mail are codes sent, not devices. */
const DEVICES = ['Stoken', 'Token', 'U2FToken', 'Passkey'];

function protectionCells({ person, credentials }: Found): readonly string[] {
  if (person.UserType === 'MessageReceiver') return [NOT_SUPPORTED, NOT_SUPPORTED, NOT_SUPPORTED];
  const flags = credentials?.flags;
  const why = flags === undefined ? unknown('no_uin') : 'refused' in flags ? refused(flags.refused) : undefined;
  if (flags === undefined || 'refused' in flags) return [why ?? NONE, why ?? NONE, why ?? NONE];
  const hasDevice = [...flags.login, ...flags.action].some((name) => DEVICES.includes(name));
  return [flag(flags.login.length > 0), flag(flags.action.length > 0), flag(hasDevice)];
}

/** Oldest first: the report's own order is not documented. */
export function keysOf(credentials: PersonsCredentials | undefined) {
  if (credentials === undefined || 'refused' in credentials.keys) return [];
  return [...credentials.keys.keys].sort(
    (one, other) => compare(one.CreateTime, other.CreateTime) || compare(one.AccessKeyId, other.AccessKeyId),
  );
}

function keyCells(found: Found, frame: Frame): readonly string[] {
  const { person, credentials } = found;
  if (person.UserType === 'MessageReceiver') return everySlot([NONE, ...Array<string>(6).fill(NOT_SUPPORTED)]);
  if (credentials === undefined) return everySlot(Array<string>(7).fill(unknown('no_uin')));
  if ('refused' in credentials.keys) return everySlot(Array<string>(7).fill(refused(credentials.keys.refused)));
  const keys = keysOf(credentials);
  return Array.from({ length: SLOTS }, (_, slot) => {
    const key = keys[slot];
    if (key === undefined) return Array<string>(7).fill(NONE);
    const createdAt = readZoned(key.CreateTime, frame.timeZone);
    const isOlder = (days: number) =>
      createdAt === undefined ? unknown('failed') : flag(frame.startedAt - createdAt > days * DAY_MS);
    return [
      key.AccessKeyId,
      unknown('no_api'),
      key.CreateTime,
      key.Status === 'Inactive' ? 'Disable' : key.Status,
      lastUseCell(found.lastUse(key.AccessKeyId), frame),
      isOlder(90),
      isOlder(30),
    ];
  }).flat();
}

function everySlot(cells: readonly string[]): readonly string[] {
  return Array.from({ length: SLOTS }, () => cells).flat();
}

/** The instant is exact; the day alone is up to a day late, and the two were seen to differ by days. */
function lastUseCell(lastUse: LastUse | undefined, { timeZone }: Frame): string {
  if (typeof lastUse === 'string') return refused(lastUse);
  if (lastUse?.at !== undefined) return writeZoned(lastUse.at, timeZone);
  return lastUse?.day ?? unknown('not_told');
}

function lastLoginCell({ person, details }: Found): string {
  const { UserType, ConsoleLogin, Uin } = person;
  if (UserType === 'MessageReceiver' || (UserType !== 'Collaborator' && ConsoleLogin === 0)) return NOT_SUPPORTED;
  if (Uin === undefined) return unknown('no_uin');
  if (typeof details === 'string') return refused(details);
  return details === undefined ? unknown('failed') : (details.LastLoginTime ?? NONE);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
