import type { Instant } from '../domain/instant.ts';
import type { Pair } from './pair.ts';
import { SeenPlaces, seenIn } from './seen.ts';
import { CHANGE_DEFAULTS } from './severity.ts';

const DAY_MS = 86_400_000;

/** What all changes between two reports are told by. */
export interface Scene {
  /** When the cloud made the report before. */
  readonly since: Instant;
  /** From here on a use is told as one after long silence. */
  readonly silenceMs: number;
  /** Up to the report before. */
  readonly seen: SeenPlaces;
}

export function sceneOf(previous: NonNullable<Pair['previous']>, current: Pair['current']): Scene {
  const { silence_days } = current.context.changes ?? CHANGE_DEFAULTS;
  return {
    since: previous.entry.generatedAt,
    silenceMs: silence_days * DAY_MS,
    seen: new SeenPlaces(seenIn(previous.parts)),
  };
}
