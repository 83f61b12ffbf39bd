import { expect, test } from 'vitest';
import { systemClock } from '../../../kit/clock.ts';
import type { PageAnswer } from '../answers.ts';
import type { ReportApi } from '../api.ts';
import { deskOf } from './desk.ts';
import { storedReport } from './pages.ts';

const desk = deskOf({ accountId: '12345', keyIds: true, maxRps: 1, clock: systemClock(), observe: () => undefined });
const TIME = '2026-11-20T09:00:00Z';

test.each([
  ['repeat the header', ['h\nr1\nr2', 'h\nr3\n'], 'h\nr1\nr2\nr3\n'],
  ['do not', ['h\nr1\n', 'r2\nr3'], 'h\nr1\nr2\nr3'],
  ['end their lines as Windows does', ['h\r\nr1\r\n', 'h\r\nr2\r\n'], 'h\r\nr1\r\nr2\r\n'],
  ['begin with a byte order mark', ['\uFEFFh\nr1', '\uFEFFh\nr2'], '\uFEFFh\nr1\nr2'],
  ['hold nothing but a header', ['h\nr1\n', 'h\n'], 'h\nr1\n'],
])('pages that %s are joined', async (_, pages, joined) => {
  expect(await stored(pages.map((page) => pageOf(page)))).toMatchObject({ is: 'report', text: joined });
});

test('one page stays as it came', async () => {
  expect(await stored([pageOf('h\nr1')])).toMatchObject({ text: 'h\nr1', generatedAt: Date.UTC(2026, 10, 20, 9) });
});

test('two pages of two reports are torn, and so is a report that is gone in the middle', async () => {
  const other = { ...pageOf('h\nr2'), generatedTime: '2026-11-20T13:00:00Z' };

  expect(await stored([pageOf('h\nr1'), other])).toEqual({ is: 'torn' });
  expect(await stored([pageOf('h\nr1'), 'none'])).toEqual({ is: 'torn' });
  expect(await stored(['none'])).toEqual({ is: 'none' });
});

test.each<[string, (PageAnswer | 'none')[], RegExp]>([
  ['is no Base64', [{ ...pageOf('h'), content: 'a*b=' }], /not Base64/],
  ['is Base64 that was cut', [{ ...pageOf('h'), content: 'aGVsbG8' }], /not Base64/],
  ['has no time', [{ ...pageOf('h'), generatedTime: 'now' }], /a time that is none/],
  ['says that there is more, but not where', [{ ...pageOf('h'), isTruncated: true }], /does not say how/],
])('a page that %s is malformed', async (_, pages, message) => {
  await expect(stored(pages, false)).rejects.toMatchObject({ kind: 'malformed', message });
});

test('pages that lead back to one another end', async () => {
  const endless: PageAnswer = { ...pageOf('h\nr'), isTruncated: true, nextToken: 'same' };

  await expect(stored([endless, endless, endless], false)).rejects.toMatchObject({ message: /without end/ });
});

function pageOf(text: string): PageAnswer {
  return { content: Buffer.from(text).toString('base64'), generatedTime: TIME, isTruncated: false };
}

/** Each page but the last says that there is more, unless the test has said it itself. */
async function stored(pages: readonly (PageAnswer | 'none')[], linked = true) {
  let next = 0;
  const page = async (): Promise<PageAnswer | 'none'> => {
    const answer = pages[next] ?? 'none';
    next += 1;
    if (!linked || answer === 'none' || next === pages.length) return answer;
    return { ...answer, isTruncated: true, nextToken: `page-${next}` };
  };
  const report = await storedReport({ page } as unknown as ReportApi, desk, new AbortController().signal);
  return report.is === 'report' ? { ...report, text: Buffer.from(report.bytes).toString() } : report;
}
