import type { Instant } from '../../domain/instant.ts';
import { formatSecond } from '../../kit/whole-second.ts';
import { type BuiltReport, readyAt, settleReport } from '../built-report.ts';
import { AlibabaError, notExist } from './alibaba-error.ts';
import { reportLines } from './credential-report.ts';
import type { SimulatedAccount } from './model.ts';
import type { World } from './world.ts';

const MOST_USERS = 3_500;
const MOST_ROWS = 3_501;

export function settle(world: World, account: SimulatedAccount): void {
  settleReport(world, account, (injected) => ({
    bytes: injected ?? Buffer.from(reportLines(account).join('\n'), 'utf8'),
    rows: account.users.size + 1,
  }));
}

export function generateReport(world: World, account: SimulatedAccount): 'STARTED' | 'INPROGRESS' | 'COMPLETED' {
  settle(world, account);
  const { stored, building } = account.report;
  if (building !== undefined) return 'INPROGRESS';
  const now = world.clock.now();
  if (stored !== undefined && now - stored.generatedAt < Math.max(world.cacheWindowMs, 1_000)) return 'COMPLETED';
  if (account.users.size > MOST_USERS)
    throw new AlibabaError(409, 'LimitExceeded.User', 'The report cannot be made for more than 3500 RAM users.');
  account.report.building = { readyAt: readyAt(now, world.buildMs) };
  return 'STARTED';
}

export interface ReportPage {
  readonly content: string;
  readonly generatedTime: string;
  readonly nextToken: string | undefined;
}

/** The stored report stays while a new one is made. A token goes on where it was, in whatever report is there now. */
export function fetchPage(world: World, account: SimulatedAccount, query: URLSearchParams): ReportPage {
  settle(world, account);
  const { stored } = account.report;
  if (stored === undefined) throw notExist('CredentialReport');
  const maxItems = Number(query.get('MaxItems') ?? MOST_ROWS);
  if (!Number.isInteger(maxItems) || maxItems < 1 || maxItems > MOST_ROWS)
    throw new AlibabaError(400, 'InvalidParameter.MaxItems', 'MaxItems must be 1 to 3501.');
  const size = Math.min(maxItems, world.pageRows);
  const offset = offsetOf(query.get('NextToken'));
  const [header = '', ...rows] = stored.bytes.toString('utf8').split('\n');
  const page = Buffer.from([header, ...rows.slice(offset, offset + size)].join('\n'), 'utf8');
  const next = offset + size;
  const hasMore = next < rows.length;
  if (!hasMore) stored.served += 1;
  return {
    content: cut(account, page, offset / size + 1).toString('base64'),
    generatedTime: formatSecond(timeOf(account, stored, offset)),
    nextToken: hasMore ? Buffer.from(`at:${next}`).toString('base64') : undefined,
  };
}

function cut(account: SimulatedAccount, page: Buffer, number: number): Buffer {
  const { cutPage } = account.report;
  return cutPage?.number === number ? page.subarray(0, page.length - cutPage.bytes) : page;
}

/** A torn report: the pages after the first are of one that was made a second later. */
function timeOf({ report }: SimulatedAccount, stored: BuiltReport, offset: number): Instant {
  if (offset === 0 || report.tears === 0) return stored.generatedAt;
  report.tears -= 1;
  return stored.generatedAt + 1_000;
}

function offsetOf(token: string | null): number {
  if (token === null || token === '') return 0;
  const match = /^at:(\d+)$/.exec(Buffer.from(token, 'base64').toString('utf8'));
  if (match === null) throw new AlibabaError(400, 'InvalidParameter.NextToken', 'The NextToken is invalid.');
  return Number(match[1]);
}
