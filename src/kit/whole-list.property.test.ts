import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fault } from '../domain/fault.ts';
import { wholeList } from './whole-list.ts';

const PAGE = 3;

/** What happens between two pages: somebody joins or leaves at a place, or nobody does. */
type Move = { readonly joins: boolean; readonly at: number } | undefined;

test('a list that changes while it is read is told as it once was, whole, or not at all', async () => {
  const move = fc.option(fc.record({ joins: fc.boolean(), at: fc.nat(30) }), { nil: undefined });
  const everything = fc.record({ members: fc.nat(14), moves: fc.array(move, { maxLength: 12 }) });

  await fc.assert(
    fc.asyncProperty(everything, async ({ members, moves }) => {
      const once: string[] = [];
      const left = [...moves];
      let now = Array.from({ length: members }, (_, index) => `m${index}`);
      const pageAt = async (index: number) => {
        once.push(key(now));
        const page = { rows: now.slice(index * PAGE, (index + 1) * PAGE), total: now.length };
        now = moved(now, left.shift(), once.length);
        return page;
      };

      const told = await wholeList({ what: 'list', pageAt, idOf: (row) => row }).catch((error: unknown) => error);

      if (told instanceof Fault) expect(told.kind).toBe('unreachable');
      else expect(once).toContain(key(told as string[]));
    }),
    { numRuns: 500 },
  );
});

function moved(members: readonly string[], move: Move, number: number): string[] {
  if (move === undefined) return [...members];
  const at = move.at % (members.length + 1);
  return move.joins ? members.toSpliced(at, 0, `n${number}`) : members.toSpliced(at, 1);
}

function key(members: readonly string[]): string {
  return members.toSorted().join(' ');
}
