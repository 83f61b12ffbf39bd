import { Buffer } from 'node:buffer';
import { Fault } from '../../../domain/fault.ts';
import { type Instant, parseInstant } from '../../../domain/instant.ts';
import type { PageAnswer } from '../answers.ts';
import type { ReportApi } from '../api.ts';
import type { Desk } from './desk.ts';

const MOST_PAGES = 4_000;

export type StoredReport =
  | {
      readonly is: 'report';
      readonly bytes: Uint8Array;
      readonly generatedAt: Instant;
      readonly requestIds: readonly string[];
    }
  /** `torn`: the cloud made a new one while its pages were read. */
  | { readonly is: 'none' | 'torn' };

/** The stored report, all its pages of one GeneratedTime, joined. */
export async function storedReport(api: ReportApi, desk: Desk, signal: AbortSignal): Promise<StoredReport> {
  const pages: PageAnswer[] = [];
  const tokens = new Set<string>();
  let token: string | undefined;
  do {
    const page = await api.page(token, signal);
    // A report that is gone in the middle has been replaced.
    if (page === 'none') return { is: pages.length === 0 ? 'none' : 'torn' };
    pages.push(page);
    if (page.generatedTime !== pages[0]?.generatedTime) return { is: 'torn' };
    token = nextToken(page, desk);
    if (token !== undefined && (tokens.has(token) || pages.length === MOST_PAGES)) {
      throw malformed(desk, 'comes in pages without end');
    }
    if (token !== undefined) tokens.add(token);
  } while (token !== undefined);
  const generatedAt = parseInstant(pages[0]?.generatedTime ?? '');
  if (generatedAt === undefined) throw malformed(desk, 'was made at a time that is none');
  const requestIds = pages.flatMap(({ requestId }) => (requestId === undefined ? [] : [requestId]));
  return { is: 'report', bytes: joined(pages.map((page) => decoded(page, desk))), generatedAt, requestIds };
}

/** Only when there is more does the token mean anything. */
function nextToken({ isTruncated, nextToken: token }: PageAnswer, desk: Desk): string | undefined {
  if (!isTruncated) return undefined;
  if (token === undefined || token === '') throw malformed(desk, 'has more pages, but does not say how to get them');
  return token;
}

/** Node reads past what is not Base64: it is checked first, because half a report must not pass for a whole one. */
function decoded({ content }: PageAnswer, desk: Desk): Buffer {
  const text = content.replace(/\s/g, '');
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw malformed(desk, 'is not Base64');
  return Buffer.from(text, 'base64');
}

/** Whether later pages repeat the header is not documented: a first line equal to the first page's is dropped. */
function joined(pages: readonly Buffer[]): Uint8Array {
  const [first = Buffer.alloc(0), ...rest] = pages;
  if (rest.length === 0) return first;
  const header = firstLine(withoutMark(first));
  const pieces: Buffer[] = [first];
  for (const page of rest) {
    const body = withoutMark(page);
    const line = firstLine(body);
    const rows = line.equals(header) ? body.subarray(line.length).subarray(lineEnd(body.subarray(line.length))) : body;
    if (rows.length === 0) continue;
    if (pieces.at(-1)?.at(-1) !== LF) pieces.push(Buffer.from('\n'));
    pieces.push(rows);
  }
  return Buffer.concat(pieces);
}

const LF = 10;
const CR = 13;
const MARK = Buffer.from('\uFEFF', 'utf8');

function withoutMark(page: Buffer): Buffer {
  return page.subarray(0, MARK.length).equals(MARK) ? page.subarray(MARK.length) : page;
}

function firstLine(page: Buffer): Buffer {
  const end = page.indexOf(LF);
  if (end === -1) return page;
  return page.subarray(0, page[end - 1] === CR ? end - 1 : end);
}

function lineEnd(rest: Buffer): number {
  if (rest[0] === CR && rest[1] === LF) return 2;
  return rest[0] === LF ? 1 : 0;
}

function malformed(desk: Desk, what: string): Fault {
  return new Fault('malformed', `account ${desk.accountId}: the credential report of Alibaba Cloud ${what}`);
}
