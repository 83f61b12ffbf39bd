import { Fault } from '../domain/fault.ts';

const TRIES = 3;
const MOST_PAGES = 5_000;
/** A page may be empty and is not the end; so many in a row are. */
const EMPTY_PAGES = 3;

export interface CountedPage<R> {
  readonly rows: readonly R[];
  /** How many rows the whole list has. */
  readonly total: number;
}

/** A list in numbered pages: nothing marks where the last one ended, so rows shift while somebody comes or goes. */
export interface CountedList<R> {
  /** Of messages: `organization main: organization:DescribeOrganizationMembers`. */
  readonly what: string;
  /** The first is 0. */
  pageAt(index: number): Promise<CountedPage<R>>;
  idOf(row: R): string;
}

/** All rows, each once: as many as the list says there are, or a Fault. A list that changed meanwhile is read anew. */
export async function wholeList<R>(list: CountedList<R>): Promise<readonly R[]> {
  let last: Reading<R> | undefined;
  for (let tries = 0; tries < TRIES; tries += 1) {
    last = await readOnce(list);
    if (last.isWhole) return last.rows;
  }
  const { rows, total } = last ?? { rows: [], total: 0 };
  throw new Fault('unreachable', `${list.what} says ${total} and lists ${rows.length}, ${TRIES} times over`);
}

interface Reading<R> {
  readonly rows: readonly R[];
  readonly total: number;
  readonly isWhole: boolean;
}

async function readOnce<R>(list: CountedList<R>): Promise<Reading<R>> {
  const found = new Map<string, R>();
  let total: number | undefined;
  let empty = 0;
  for (let index = 0; index < MOST_PAGES && empty < EMPTY_PAGES; index += 1) {
    const page = await list.pageAt(index);
    const isChanged = total !== undefined && total !== page.total;
    total = page.total;
    for (const row of page.rows) found.set(list.idOf(row), row);
    empty = page.rows.length === 0 ? empty + 1 : 0;
    if (isChanged) break;
    if (found.size >= total) return { rows: [...found.values()], total, isWhole: true };
  }
  return { rows: [...found.values()], total: total ?? 0, isWhole: false };
}
