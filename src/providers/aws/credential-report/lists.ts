import { Fault } from '../../../domain/fault.ts';
import { askPages, type Paged } from '../../../kit/ask-pages.ts';
import type { Asker, Told } from '../../../kit/asking.ts';
import type { Desk } from './desk.ts';

interface Page {
  readonly IsTruncated?: boolean | undefined;
  readonly Marker?: string | undefined;
}

export async function askList<P extends Page>(
  page: Paged<P>['page'],
  { accountId }: Desk,
  asker: Asker,
): Promise<Told<readonly P[]>> {
  const next = ({ IsTruncated, Marker }: Page) => (IsTruncated === true ? Marker : undefined);
  const endless = () => new Fault('malformed', `account ${accountId}: AWS repeats a page of a list`);
  return askPages<P>({ page, next, endless }, asker);
}
