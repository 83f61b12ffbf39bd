import { formatInstant, type Instant } from '../domain/instant.ts';

const DAY_MS = 86_400_000;
const DAY_SECONDS = 86_400;
const END_OF_YEAR_9999 = 253_402_300_800_000;
const MAX_DATES = 50_000;

const dates = new Map<number, string>();
const minutes: string[] = [];
const seconds: string[] = [];

/** The same text as formatInstant, several times faster where many instants share their days: parts are made once, few enough to be at hand. */
export function fastIso(instant: Instant): string {
  const since = instant / 1_000;
  if (Math.floor(since) !== since || instant < 0 || instant >= END_OF_YEAR_9999) return formatInstant(instant);
  const day = Math.floor(since / DAY_SECONDS);
  const second = since - day * DAY_SECONDS;
  const minute = Math.floor(second / 60);
  const date = dates.get(day) ?? remember(day);
  const time = (minutes[minute] ??= timeOf(minute * 60).slice(0, 6));
  return date + (time + (seconds[second - minute * 60] ??= timeOf(second).slice(6)));
}

/** `T13:14:52Z` */
function timeOf(second: number): string {
  return formatInstant(second * 1_000).slice(10);
}

function remember(day: number): string {
  if (dates.size >= MAX_DATES) dates.clear();
  const date = formatInstant(day * DAY_MS).slice(0, 10);
  dates.set(day, date);
  return date;
}
