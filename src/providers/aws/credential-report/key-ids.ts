import type { Instant } from '../../../domain/instant.ts';
import { type AccessKeyRecord, valueOf } from '../../../domain/record.ts';
import { readInstant } from '../../../kit/read-instant.ts';
import type { ListedKey } from './parts.ts';

/**
 * The report shows keys without ids, in slots that are not stable. A listed key belongs to a slot when both were created in the same
 * second and nothing else could be meant; two keys of one second are told apart by their status, or not at all.
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
  const keys = listed.filter((key) => isSameSecond(key, createdAt));
  const rivals = slots.filter((other) => valueOf(other.createdAt) === createdAt);
  if (rivals.length === 1 && keys.length === 1) return keys[0]?.id;
  if (rivals.length !== keys.length) return undefined;
  const active = valueOf(slot.active);
  const likely = keys.filter((key) => (key.status === 'Active') === active);
  const alike = rivals.filter((other) => valueOf(other.active) === active);
  return alike.length === 1 && likely.length === 1 ? likely[0]?.id : undefined;
}

function isSameSecond(key: ListedKey, createdAt: Instant): boolean {
  const listedAt = readInstant(key.created);
  return listedAt !== undefined && Math.floor(listedAt / 1_000) === Math.floor(createdAt / 1_000);
}
