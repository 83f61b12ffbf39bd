import { createHash } from 'node:crypto';

/** A seeded source of chance: the same seed and stream give the same world. */
export interface Random {
  /** At least 0, below 1. */
  fraction(): number;
  /** A whole number, at least 0, below `limit`. */
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
  text(alphabet: string, length: number): string;
}

/** Streams of one seed do not disturb each other: one more account changes nothing in the others. */
export function seededRandom(seed: number, stream = ''): Random {
  const fraction = mulberry32(createHash('sha256').update(`${seed}/${stream}`).digest().readUInt32LE(0));
  const below = (limit: number) => Math.floor(fraction() * limit);
  return {
    fraction,
    below,
    chance: (probability) => fraction() < probability,
    pick<T>(choices: readonly T[]): T {
      if (choices.length === 0) throw new RangeError('nothing to pick from');
      return choices[below(choices.length)] as T; // the index is inside
    },
    text: (alphabet, length) => Array.from({ length }, () => alphabet.charAt(below(alphabet.length))).join(''),
  };
}

function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
