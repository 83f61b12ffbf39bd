import type { Parts } from '../domain/report.ts';
import { readingJson } from '../kit/json-steps.ts';
import type { Steps } from '../kit/steps.ts';

/** What Muster decided once and kept: our own part, its digest was checked. It may be as long as the report. */
export function* decidedPart<T>(parts: Parts, name: string): Steps<T | undefined> {
  const bytes = parts.get(name);
  if (bytes === undefined) return undefined;
  const text = new TextDecoder().decode(bytes);
  yield;
  return (yield* readingJson(text)) as T; // see above
}
