import { expect, test } from 'vitest';
import { type CountedPage, wholeList } from './whole-list.ts';

test('pages are read until as many rows are there as the list says', async () => {
  const asked: number[] = [];

  const rows = await read(['ab', 'cd', 'e'], 5, asked);

  expect(rows.join('')).toBe('abcde');
  expect(asked).toEqual([0, 1, 2]);
});

test('empty pages are not the end', async () => {
  expect((await read(['', 'ab', '', 'c'], 3)).join('')).toBe('abc');
});

test('an empty list is whole at once', async () => {
  expect(await read([''], 0)).toEqual([]);
});

test('a list that grows meanwhile is read anew', async () => {
  const pages: CountedPage<string>[] = [page('ab', 4), page('bc', 5), page('xa', 5), page('bc', 5), page('d', 5)];

  const rows = await wholeList({ what: 'list', pageAt: async () => pages.shift()!, idOf: (row) => row });

  expect(rows.join('')).toBe('xabcd');
  expect(pages).toEqual([]);
});

test('a row that was moved by somebody who came is missed, and the list is read anew', async () => {
  const pages: CountedPage<string>[] = [page('ab', 4), page('bc', 4), page('', 4), page('', 4), page('', 4)];
  pages.push(page('ab', 4), page('cd', 4));

  const rows = await wholeList({ what: 'list', pageAt: async () => pages.shift()!, idOf: (row) => row });

  expect(rows.join('')).toBe('abcd');
});

test('a list that never tells all is a fault, not a shorter list', async () => {
  await expect(read(['ab', 'c'], 5)).rejects.toThrow(
    expect.objectContaining({ kind: 'unreachable', message: 'list says 5 and lists 3, 3 times over' }),
  );
});

function read(pages: readonly string[], total: number, asked: number[] = []): Promise<readonly string[]> {
  return wholeList({
    what: 'list',
    pageAt: async (index) => {
      asked.push(index);
      return page(pages[index] ?? '', total);
    },
    idOf: (row) => row,
  });
}

function page(rows: string, total: number): CountedPage<string> {
  return { rows: rows.split(''), total };
}
