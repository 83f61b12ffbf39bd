import type { Fault } from '../domain/fault.ts';
import { type Asker, ask, type Told } from './asking.ts';

/** A list that comes in pages. */
export interface Paged<P> {
  page(marker: string | undefined): Promise<P>;
  /** Where the next page begins; undefined after the last one. */
  next(page: P): string | undefined;
  /** What it means that a marker comes twice: the list would go on for ever. */
  endless(): Fault;
}

/** All pages, or the fault that ended them. */
export async function askPages<P>(list: Paged<P>, asker: Asker): Promise<Told<readonly P[]>> {
  const pages: P[] = [];
  const markers = new Set<string>();
  let marker: string | undefined;
  do {
    const current = marker;
    const answer = await ask(() => list.page(current), asker);
    if ('fault' in answer) return answer;
    pages.push(answer.told);
    marker = list.next(answer.told);
    if (marker !== undefined && markers.has(marker)) return { fault: list.endless() };
    if (marker !== undefined) markers.add(marker);
  } while (marker !== undefined);
  return { told: pages };
}
