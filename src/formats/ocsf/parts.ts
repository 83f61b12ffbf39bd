import type { EventIdentity } from '../../domain/event.ts';
import { fastIso } from '../../kit/fast-iso.ts';
import { readInstant } from '../../kit/read-instant.ts';

/** A part of an event under construction; what is undefined is not written. */
export type Part = Record<string, unknown>;
export type Data = Readonly<Record<string, unknown>>;

export const SEVERITIES: Readonly<Record<string, { readonly id: number; readonly caption: string }>> = {
  informational: { id: 1, caption: 'Informational' },
  low: { id: 2, caption: 'Low' },
  medium: { id: 3, caption: 'Medium' },
  high: { id: 4, caption: 'High' },
  critical: { id: 5, caption: 'Critical' },
};

/** How the clouds write themselves. */
export const CLOUDS: ReadonlyMap<string, string> = new Map([
  ['aws', 'AWS'],
  ['alibaba', 'Alibaba Cloud'],
  ['tencent', 'Tencent Cloud'],
]);

export function cloudNamed(provider: string): string {
  return CLOUDS.get(provider) ?? provider;
}

const YEAR_10000 = 253_402_300_800_000;

/** Milliseconds of a time that reads back as the same text; undefined for any other, which then stays as it is written. */
export function millis(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const instant = readInstant(text);
  if (instant === undefined || instant < 0 || instant >= YEAR_10000) return undefined;
  return fastIso(instant) === text ? instant : undefined;
}

/** Without the keys that have a home elsewhere; undefined when all of them have. */
export function rest(part: Data, homed: ReadonlySet<string>): Part | undefined {
  const left: Part = {};
  let isLeft = true;
  for (const [key, value] of Object.entries(part)) {
    if (value === undefined) continue;
    if (homed.has(key)) isLeft = false;
    else put(left, key, value);
  }
  return isLeft || Object.keys(left).length > 0 ? left : undefined;
}

/** A key called `__proto__` is a key like others. */
function put(part: Part, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(part, key, { value, enumerable: true, writable: true, configurable: true });
  } else part[key] = value;
}

/** The name of a credential whose id the cloud does not tell: its owner and its creation, as in a finding's id. */
export function madeUid(owner: string, kind: string, createdAt: unknown): string {
  return typeof createdAt === 'string' ? `${owner}#${kind}/${createdAt}` : `${owner}#${kind}`;
}

/** A credential has one name in every event. */
export function credentialUid(owner: string, kind: string, { id, created_at }: Data): string {
  return typeof id === 'string' ? id : madeUid(owner, kind, created_at);
}

/** Kinds of users in OCSF's words. A kind that is not listed is none of its kinds. */
const USER_TYPES: ReadonlyMap<string, readonly [number, string]> = new Map([
  ['root', [2, 'Admin']],
  ['user', [1, 'User']],
  ['collaborator', [1, 'User']],
  ['wecom_user', [1, 'User']],
]);

export function userOf(identity: EventIdentity | undefined): Part {
  if (identity === undefined) return { name: 'unknown' };
  const { kind, id, name, unique_id } = identity;
  const [typeId, type] = USER_TYPES.get(kind) ?? [99, kind];
  const user: Part = { uid: id, name, type_id: typeId, type };
  if (unique_id !== undefined) user['uid_alt'] = unique_id;
  return user;
}

/** Which other kinds have to be told beside the type. */
export const PLAIN_KINDS: ReadonlySet<string> = new Set(['root', 'user']);
