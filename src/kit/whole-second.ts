import { formatInstant, type Instant } from '../domain/instant.ts';

/** Clouds tell whole seconds. Two dates of one thing are compared as such. */
export function wholeSecond(instant: Instant): Instant {
  return Math.floor(instant / 1_000) * 1_000;
}

export function formatSecond(instant: Instant): string {
  return formatInstant(wholeSecond(instant));
}
