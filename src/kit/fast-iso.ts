import { formatInstant, type Instant } from '../domain/instant.ts';

const DAY_MS = 86_400_000;
const END_OF_YEAR_9999 = 253_402_300_800_000;
const MAX_DATES = 50_000;

const dates = new Map<number, string>();
const times: string[] = [];

/** The same text as formatInstant, several times faster where many instants share their days: halves are made once. */
export function fastIso(instant: Instant): string {
  if (instant % 1_000 !== 0 || instant < 0 || instant >= END_OF_YEAR_9999) return formatInstant(instant);
  const day = Math.floor(instant / DAY_MS);
  const second = (instant - day * DAY_MS) / 1_000;
  const date = dates.get(day) ?? remember(day);
  const time = (times[second] ??= formatInstant(second * 1_000).slice(10));
  return date + time;
}

function remember(day: number): string {
  if (dates.size >= MAX_DATES) dates.clear();
  const date = formatInstant(day * DAY_MS).slice(0, 10);
  dates.set(day, date);
  return date;
}
