import { Fault } from '../../../domain/fault.ts';
import { askPages, type Paged } from '../../../kit/ask-pages.ts';
import type { Asker, Told } from '../../../kit/asking.ts';
import type { ReportApi } from '../api.ts';
import type { Desk } from './desk.ts';

interface Page {
  readonly isTruncated: boolean;
  readonly marker?: string | undefined;
}

export async function askList<P extends Page>(
  page: Paged<P>['page'],
  desk: Desk,
  asker: Asker,
): Promise<Told<readonly P[]>> {
  return askPages<P>({ page, next: nextMarker, endless: () => endless(desk) }, asker);
}

export function nextMarker({ isTruncated, marker }: Page): string | undefined {
  return isTruncated && marker !== '' ? marker : undefined;
}

export function endless(desk: Desk): Fault {
  return new Fault('malformed', `account ${desk.accountId}: Alibaba Cloud repeats a page of a list`);
}

export async function countUsers(api: ReportApi, signal: AbortSignal): Promise<number> {
  const { summaryMap } = await api.summary(signal);
  return summaryMap.users;
}
