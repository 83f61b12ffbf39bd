import type { EventIdentity } from '../../domain/event.ts';
import { fastIso } from '../../kit/fast-iso.ts';
import { escaped } from '../../kit/json-text.ts';
import { readInstant } from '../../kit/read-instant.ts';
import { member, members } from './text.ts';

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
/** In this length there is one way to write a time. */
const ISO_SECONDS = '2026-09-11T13:14:52Z'.length;

/** Milliseconds of a time that reads back as the same text; undefined for any other, which then stays as it is written. */
export function millis(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const instant = readInstant(text);
  if (instant === undefined || instant < 0 || instant >= YEAR_10000) return undefined;
  return text.length === ISO_SECONDS || fastIso(instant) === text ? instant : undefined;
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
const USER_TYPES: ReadonlyMap<string, string> = new Map([
  ['root', members({ type_id: 2, type: 'Admin' })],
  ['user', members({ type_id: 1, type: 'User' })],
  ['collaborator', members({ type_id: 1, type: 'User' })],
  ['wecom_user', members({ type_id: 1, type: 'User' })],
]);

/** A user, open for more members. */
export function userOf(identity: EventIdentity | undefined): string {
  if (identity === undefined) return `{"name":"unknown"`;
  const { kind, id, name, unique_id } = identity;
  const type = USER_TYPES.get(kind) ?? members({ type_id: 99, type: kind });
  return `{"uid":"${escaped(id)}","name":"${escaped(name)}"${type}${member('uid_alt', unique_id)}`;
}

/** Which other kinds have to be told beside the type. */
export const PLAIN_KINDS: ReadonlySet<string> = new Set(['root', 'user']);
