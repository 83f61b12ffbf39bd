import { type Instant, parseInstant } from '../domain/instant.ts';

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const FIRST_REAL = Date.UTC(1971, 0, 1);

/** The same of a cell that tells what happened in a cloud: a zero that some program took for a time is none. */
export function readMoment(cell: string): Instant | undefined {
  const instant = readInstant(cell);
  return instant === undefined || instant < FIRST_REAL ? undefined : instant;
}

/** `2026-09-11T13:14:52Z` or `2019-07-03T04:17:54+00:00`. By hand, because most of the time that a large table takes goes here. */
export function readInstant(cell: string): Instant | undefined {
  if (cell.charCodeAt(4) !== 45) return undefined;
  if (cell.length === 20 ? cell.charCodeAt(19) !== 90 : cell.length !== 25 || !cell.endsWith('+00:00')) {
    return parseInstant(cell);
  }
  if (!isPunctuated(cell)) return undefined;
  const year = two(cell, 0) * 100 + two(cell, 2);
  const month = two(cell, 5);
  const day = two(cell, 8);
  const hour = two(cell, 11);
  const minute = two(cell, 14);
  const second = two(cell, 17);
  // Comparisons are written so that NaN, of a character that is no digit, fails them.
  if (!(year >= 1900 && month >= 1 && month <= 12 && day >= 1 && day <= (DAYS[month - 1] ?? 0))) return undefined;
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return undefined;
  if (month === 2 && day === 29 && new Date(Date.UTC(year, 1, 29)).getUTCDate() !== 29) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function isPunctuated(cell: string): boolean {
  return (
    cell.charCodeAt(7) === 45 && cell.charCodeAt(10) === 84 && cell.charCodeAt(13) === 58 && cell.charCodeAt(16) === 58
  );
}

function two(cell: string, at: number): number {
  return digit(cell.charCodeAt(at)) * 10 + digit(cell.charCodeAt(at + 1));
}

function digit(code: number): number {
  return code >= 48 && code <= 57 ? code - 48 : Number.NaN;
}
