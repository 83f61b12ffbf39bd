/** Milliseconds since 1970 in UTC. Written as ISO 8601 with `Z` wherever it leaves the process. */
export type Instant = number;

const ISO = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** Accepts `2026-09-11T13:14:52Z` and `2019-07-03T04:17:54+00:00`; anything without a zone, or on 30 February, is not an instant. */
export function parseInstant(text: string): Instant | undefined {
  const day = ISO.exec(text)?.[1];
  if (day === undefined || !isDay(day)) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}

/** Date.parse would roll 30 February over into March. */
function isDay(day: string): boolean {
  const start = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(start) && new Date(start).toISOString().startsWith(day);
}

/** Whole seconds are written without a fraction. */
export function formatInstant(instant: Instant): string {
  const text = new Date(instant).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}

/** From midnight UTC of that date on. */
export function isOver({ until }: { readonly until: string }, now: Instant): boolean {
  return now >= (parseInstant(`${until}T00:00:00Z`) ?? 0);
}
