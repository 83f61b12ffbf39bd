import { formatInstant, type Instant } from '../../domain/instant.ts';

/** AWS tells whole seconds. */
export function wholeSecond(instant: Instant): Instant {
  return Math.floor(instant / 1_000) * 1_000;
}

export function formatSecond(instant: Instant): string {
  return formatInstant(wholeSecond(instant));
}
