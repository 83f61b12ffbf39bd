import { z } from 'zod';
import type { Instant } from '../../domain/instant.ts';
import { type AccessKeyRecord, type CredentialRecord, valueOf } from '../../domain/record.ts';
import { readInstant } from '../../kit/read-instant.ts';
import { wholeSecond } from '../../kit/whole-second.ts';

/** A report shows neither the ids of users nor those of keys: they are listed beside it, and kept in this part. */
export const ACCESS_KEYS_PART = 'access-keys.json';

const ListedKey = z.object({ id: z.string(), created: z.string(), status: z.string() });
export type ListedKey = z.infer<typeof ListedKey>;

const ListedUser = z.object({
  name: z.string(),
  user_id: z.string(),
  /** Only where the report knows its users by it. */
  arn: z.string().optional(),
  created: z.string(),
  /** When this user's keys were listed; without it nobody had to, or nobody could. */
  asked_at: z.string().optional(),
  keys: z.array(ListedKey).optional(),
});
export type ListedUser = z.infer<typeof ListedUser>;

export const AccessKeysPart = z.object({
  version: z.literal(1),
  users_asked_at: z.string(),
  users: z.array(ListedUser),
});
export type AccessKeysPart = z.infer<typeof AccessKeysPart>;

export type ListedUsers = ReadonlyMap<string, ListedUser>;

/** By the id that they have in the report. */
export function byReportId(users: readonly ListedUser[]): ListedUsers {
  return new Map(users.map((user) => [user.arn ?? user.name, user]));
}

/** A user that was deleted and made again under the same name is somebody else: names and dates must both agree. */
export function isSameUser({ created }: Pick<ListedUser, 'created'>, createdAt: Instant | undefined): boolean {
  const listedAt = readInstant(created);
  return createdAt !== undefined && listedAt !== undefined && Math.abs(listedAt - createdAt) <= 1_000;
}

/** The record with what was listed of its user. */
export function withListed(record: CredentialRecord, users: ListedUsers | undefined): CredentialRecord {
  const user = users?.get(record.identity.id);
  if (user === undefined || !isSameUser(user, valueOf(record.identity.createdAt))) return record;
  return {
    ...record,
    identity: { ...record.identity, uniqueId: user.user_id },
    accessKeys: user.keys === undefined ? record.accessKeys : withKeyIds(record.accessKeys, user.keys),
  };
}

/**
 * The report shows keys without ids, in slots that are not stable. A listed key belongs to a slot when both were made in the same
 * second and nothing else could be meant; keys of one second are told apart by their status, or not at all.
 */
export function withKeyIds(
  slots: readonly AccessKeyRecord[],
  listed: readonly ListedKey[],
): readonly AccessKeyRecord[] {
  return slots.map((slot) => {
    const id = idOf(slot, slots, listed);
    return id === undefined ? slot : { ...slot, id };
  });
}

function idOf(slot: AccessKeyRecord, slots: readonly AccessKeyRecord[], listed: readonly ListedKey[]) {
  const createdAt = valueOf(slot.createdAt);
  if (createdAt === undefined) return undefined;
  const rivals = slots.filter((other) => valueOf(other.createdAt) === createdAt);
  const keys = listed.filter((key) => isSameSecond(key, createdAt));
  if (rivals.length !== keys.length) return undefined;
  const active = valueOf(slot.active);
  const alike = rivals.filter((other) => valueOf(other.active) === active);
  const likely = rivals.length === 1 ? keys : keys.filter((key) => (key.status === 'Active') === active);
  return alike.length === 1 && likely.length === 1 ? likely[0]?.id : undefined;
}

function isSameSecond(key: ListedKey, createdAt: Instant): boolean {
  const listedAt = readInstant(key.created);
  return listedAt !== undefined && wholeSecond(listedAt) === wholeSecond(createdAt);
}
