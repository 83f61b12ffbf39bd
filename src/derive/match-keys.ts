import type { AccessKeyRecord } from '../domain/record.ts';
import { valueOf } from '../domain/record.ts';

/** One user's keys in two reports: which are the same, which went, which came. Oldest first. */
export interface KeyMatch {
  readonly kept: readonly (readonly [before: AccessKeyRecord, after: AccessKeyRecord])[];
  readonly gone: readonly AccessKeyRecord[];
  readonly born: readonly AccessKeyRecord[];
}

type Same = (before: AccessKeyRecord, after: AccessKeyRecord) => boolean;

/** Strongest name first: the id when both know it, then the creation instant (twins by status), then "one of them is not known". */
const PASSES: readonly Same[] = [
  (before, after) => before.id !== undefined && before.id === after.id,
  (before, after) => canBeSame(before, after) && isTwin(before, after) && statusOf(before) === statusOf(after),
  (before, after) => canBeSame(before, after) && isTwin(before, after),
  (before, after) => canBeSame(before, after) && (bornAt(before) === undefined || bornAt(after) === undefined),
];

/** Slots take no part: a new key can push an old one from slot 1 to 2. */
export function matchKeys(before: readonly AccessKeyRecord[], after: readonly AccessKeyRecord[]): KeyMatch {
  const kept: (readonly [AccessKeyRecord, AccessKeyRecord])[] = [];
  const born = [...after].sort(byAge);
  let gone = [...before].sort(byAge);
  for (const isSame of PASSES) {
    gone = gone.filter((old) => {
      const index = born.findIndex((key) => isSame(old, key));
      const [key] = index === -1 ? [] : born.splice(index, 1);
      if (key !== undefined) kept.push([old, key]);
      return key === undefined;
    });
  }
  return { kept, gone: gone.filter(isToldOf), born: born.filter(isToldOf) };
}

/** A slot that the cloud would not tell of is no key that came or went. */
export function isToldOf(key: AccessKeyRecord): boolean {
  return key.id !== undefined || bornAt(key) !== undefined || statusOf(key) !== undefined;
}

function canBeSame(before: AccessKeyRecord, after: AccessKeyRecord): boolean {
  return before.id === undefined || after.id === undefined;
}

function isTwin(before: AccessKeyRecord, after: AccessKeyRecord): boolean {
  return bornAt(before) !== undefined && bornAt(before) === bornAt(after);
}

function bornAt(key: AccessKeyRecord): number | undefined {
  return valueOf(key.createdAt);
}

function statusOf(key: AccessKeyRecord): boolean | undefined {
  return valueOf(key.active);
}

function byAge(a: AccessKeyRecord, b: AccessKeyRecord): number {
  return (
    (bornAt(a) ?? Number.MAX_SAFE_INTEGER) - (bornAt(b) ?? Number.MAX_SAFE_INTEGER) ||
    rankOf(b) - rankOf(a) ||
    compare(a.id ?? '', b.id ?? '') ||
    a.slot - b.slot
  );
}

/** Not known is neither: or the slot would tell twins apart. */
function rankOf(key: AccessKeyRecord): number {
  const status = statusOf(key);
  return status === undefined ? 1 : Number(status) * 2;
}

/** By code unit: the same in every locale. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
