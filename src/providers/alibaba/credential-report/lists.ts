import { Fault } from '../../../domain/fault.ts';
import { type Asker, ask, type Told } from '../../../kit/asking.ts';
import type { Desk } from './desk.ts';

interface Page {
  readonly isTruncated: boolean;
  readonly marker?: string | undefined;
}

/** All pages, or the fault that ended them. A marker that comes twice would go on for ever. */
export async function askPages<P extends Page>(
  page: (marker: string | undefined) => Promise<P>,
  desk: Desk,
  asker: Asker,
): Promise<Told<readonly P[]>> {
  const pages: P[] = [];
  const markers = new Set<string>();
  let marker: string | undefined;
  do {
    const current = marker;
    const answer = await ask(() => page(current), asker);
    if ('fault' in answer) return answer;
    pages.push(answer.told);
    marker = nextMarker(answer.told);
    if (marker !== undefined && markers.has(marker)) return { fault: endless(desk) };
    if (marker !== undefined) markers.add(marker);
  } while (marker !== undefined);
  return { told: pages };
}

export function nextMarker({ isTruncated, marker }: Page): string | undefined {
  return isTruncated && marker !== '' ? marker : undefined;
}

export function endless(desk: Desk): Fault {
  return new Fault('malformed', `account ${desk.accountId}: Alibaba Cloud repeats a page of a list`);
}
