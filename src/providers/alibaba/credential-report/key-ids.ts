import type { Instant } from '../../../domain/instant.ts';
import { type AccessKeyRecord, valueOf } from '../../../domain/record.ts';
import { readInstant } from '../../../kit/read-instant.ts';
import type { ListedKey } from './parts.ts';

/** The report shows keys without ids. A listed key belongs to a slot when both were made in the same second and nothing else could be meant. */
export function withKeyIds(
  slots: readonly AccessKeyRecord[],
  listed: readonly ListedKey[],
): readonly AccessKeyRecord[] {
  return slots.map((slot) => {
    const id = idOf(slot, slots, listed);
    return id === undefined ? slot : { ...slot, id };
  });
}

/** Keys of one second are told apart by their status, or not at all. */
function idOf(slot: AccessKeyRecord, slots: readonly AccessKeyRecord[], listed: readonly ListedKey[]) {
  const createdAt = valueOf(slot.createdAt);
  if (createdAt === undefined) return undefined;
  const rivals = slots.filter((other) => valueOf(other.createdAt) === createdAt);
  const keys = listed.filter((key) => madeAt(key) === createdAt);
  if (rivals.length !== keys.length) return undefined;
  const active = valueOf(slot.active);
  const alike = rivals.filter((other) => valueOf(other.active) === active);
  const likely = rivals.length === 1 ? keys : keys.filter((key) => (key.status === 'Active') === active);
  return alike.length === 1 && likely.length === 1 ? likely[0]?.id : undefined;
}

function madeAt(key: ListedKey): Instant | undefined {
  return readInstant(key.created);
}
