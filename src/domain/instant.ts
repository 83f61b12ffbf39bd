/** Milliseconds since 1970 in UTC. Written as ISO 8601 with `Z` wherever it leaves the process. */
export type Instant = number;

const ISO = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+-]\d{2}:\d{2})$/;

/** Accepts `2026-09-11T13:14:52Z` and `2019-07-03T04:17:54+00:00`; anything without a zone is not an instant. */
export function parseInstant(text: string): Instant | undefined {
  if (!ISO.test(text)) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}

/** Whole seconds are written without a fraction. */
export function formatInstant(instant: Instant): string {
  const text = new Date(instant).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}
