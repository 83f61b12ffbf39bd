import type { Instant } from '../domain/instant.ts';
import type { Field } from '../domain/record.ts';
import { valueOf } from '../domain/record.ts';

/** A key, or a certificate, which has no id. */
export interface Held {
  readonly slot: number;
  readonly id?: string;
  readonly active: Field<boolean>;
  readonly createdAt: Field<Instant>;
}

type Pair<T> = readonly [before: T, after: T];

/** One user's keys in two reports: which are the same, which went, which came. Oldest first. */
export interface KeyMatch<T extends Held> {
  readonly kept: readonly Pair<T>[];
  /** As many stayed, but which of them is which is not told. Their status is paired as far as it can be. */
  readonly likely: readonly Pair<T>[];
  readonly gone: readonly T[];
  readonly born: readonly T[];
}

type Same = (before: Held, after: Held) => boolean;

/** Strongest name first: the id when both know it, then the creation instant (twins by status). */
const NAMED: readonly Same[] = [
  (before, after) => before.id !== undefined && before.id === after.id,
  (before, after) => canBeSame(before, after) && isTwin(before, after) && statusOf(before) === statusOf(after),
  (before, after) => canBeSame(before, after) && isTwin(before, after),
];

/** Then "one of them is not known". */
const UNTOLD: readonly Same[] = [
  (before, after) => isPerhapsSame(before, after) && statusOf(before) === statusOf(after),
  isPerhapsSame,
];

/** Slots take no part: a new key can push an old one from slot 1 to 2. */
export function matchKeys<T extends Held>(before: readonly T[], after: readonly T[]): KeyMatch<T> {
  const named = paired([...before].sort(byAge), [...after].sort(byAge), NAMED);
  const isPlain = named.gone.length < 2 && named.born.length < 2;
  const { pairs, gone, born } = paired(named.gone, named.born, UNTOLD);
  return {
    kept: isPlain ? [...named.pairs, ...pairs] : named.pairs,
    likely: isPlain ? [] : pairs,
    gone: gone.filter(isToldOf),
    born: born.filter(isToldOf),
  };
}

function paired<T extends Held>(before: readonly T[], after: readonly T[], passes: readonly Same[]) {
  const pairs: Pair<T>[] = [];
  const born = [...after];
  let gone = before;
  for (const isSame of passes) {
    gone = gone.filter((old) => {
      const index = born.findIndex((key) => isSame(old, key));
      const [key] = index === -1 ? [] : born.splice(index, 1);
      if (key !== undefined) pairs.push([old, key]);
      return key === undefined;
    });
  }
  return { pairs, gone, born };
}

/** A slot that the cloud would not tell of is no key that came or went. */
export function isToldOf(key: Held): boolean {
  return key.id !== undefined || bornAt(key) !== undefined || statusOf(key) !== undefined;
}

function canBeSame(before: Held, after: Held): boolean {
  return before.id === undefined || after.id === undefined;
}

function isPerhapsSame(before: Held, after: Held): boolean {
  return canBeSame(before, after) && (bornAt(before) === undefined || bornAt(after) === undefined);
}

function isTwin(before: Held, after: Held): boolean {
  return bornAt(before) !== undefined && bornAt(before) === bornAt(after);
}

function bornAt(key: Held): number | undefined {
  return valueOf(key.createdAt);
}

function statusOf(key: Held): boolean | undefined {
  return valueOf(key.active);
}

/** Active first, then inactive: one that is not told must not tie with either, or slots would decide. */
function rankOf(key: Held): number {
  const active = statusOf(key);
  return active === undefined ? 0 : active ? 2 : 1;
}

function byAge(a: Held, b: Held): number {
  return (
    (bornAt(a) ?? Number.MAX_SAFE_INTEGER) - (bornAt(b) ?? Number.MAX_SAFE_INTEGER) ||
    rankOf(b) - rankOf(a) ||
    compare(a.id ?? '', b.id ?? '') ||
    a.slot - b.slot
  );
}

/** By code unit: the same in every locale. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
