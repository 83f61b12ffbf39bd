import { isMalformed } from '../domain/fault.ts';
import type { Io } from './io.ts';
import { lineOf } from './text.ts';

/** What cannot be read is named and passed over: the rest of the archive still means something. */
export function damageTo(io: Io) {
  let count = 0;
  return {
    isMet: () => count > 0,
    meets: (error: unknown) => {
      if (!isMalformed(error)) throw error;
      count += 1;
      io.err(`passed over: ${lineOf(error.message)}; muster reports verify tells what else\n`);
    },
  };
}
