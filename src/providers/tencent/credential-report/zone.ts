import type { Instant } from '../../../domain/instant.ts';

export const DEFAULT_ZONE = '+08:00';

const MINUTE_MS = 60_000;
const NAIVE = /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[ T](\d{1,2}):(\d{2}):(\d{2}))?$/;

/** `2019-08-16 9:25:56`, `2019/8/16 9:25:56` and `2022-12-19`: Tencent writes no zone, so it has to be told. */
export function readZoned(cell: string, zone: string): Instant | undefined {
  const match = NAIVE.exec(cell);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = [1, 3, 4, 5, 6, 7].map((group) =>
    Number(match[group] ?? 0),
  );
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  const read = new Date(local);
  const isReal = year > 1970 && read.getUTCMonth() === month - 1 && read.getUTCDate() === day;
  return isReal ? local - distanceMs(zone) : undefined;
}

/** `2019-08-16 09:25:56`, as the cloud's API writes it. */
export function writeZoned(instant: Instant, zone: string): string {
  return new Date(instant + distanceMs(zone)).toISOString().slice(0, 19).replace('T', ' ');
}

function distanceMs(zone: string): number {
  const match = /^([+-])(\d{2}):(\d{2})$/.exec(zone);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === '-' ? -minutes : minutes) * MINUTE_MS;
}
