import { z } from 'zod';
import { Fault } from '../domain/fault.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { parseSinkName, parseSourceName, type SinkName, type SourceName } from '../domain/names.ts';
import { sealed, unseal } from './json-object.ts';
import { eight } from './key.ts';
import type { Archive, DeadLetter } from './port.ts';
import type { Store } from './store.ts';

const EVENT_ID = /^[A-Za-z0-9_-]{1,128}$/;
const PLACE =
  /^dead-letters\/([^/]+)\/([^/]+\/[^/]+\/[^/]+)\/(\d{8}-[\w-]+?)(?:\.([2-9]|[1-9]\d+))?(\.settled)?\.json$/;

const Letter = z.object({
  sink: z.custom<SinkName>((value) => typeof value === 'string' && parseSinkName(value) !== undefined),
  source: z.custom<SourceName>((value) => typeof value === 'string' && parseSourceName(value) !== undefined),
  number: z.int(),
  event_id: z.string(),
  reason: z.string(),
  rejected_at: z.string(),
  payload: z.string(),
  /** Which letter about this event it is; the first does not say so. */
  letter: z.exactOptional(z.int().min(2)),
});

/** Events that a sink refused for good. Retried or dropped is one more object beside the letter; refused again after that is a new letter. */
export function openDeadLetters(
  store: Store,
): Pick<Archive, 'deadLetter' | 'deadLetters' | 'deadLetterCount' | 'settle'> {
  async function deadLetter(letter: Omit<DeadLetter, 'id'>): Promise<void> {
    for (let nth = 1; ; nth += 1) {
      const key = letterKey(letterId(letter, nth));
      const made = await store.create(key, sealed(nth === 1 ? letter : { ...letter, letter: nth }));
      if (made === 'created' || (await store.get(settledKey(key))) === undefined) return;
    }
  }

  async function* deadLetters(sink?: SinkName): AsyncIterable<DeadLetter> {
    for await (const key of store.list(sink === undefined ? 'dead-letters/' : `dead-letters/${sink}/`)) {
      if (key.endsWith('.settled.json') || (await store.get(settledKey(key))) !== undefined) continue;
      const bytes = await store.get(key);
      if (bytes !== undefined) yield parseLetter(bytes, key);
    }
  }

  async function deadLetterCount(sink: SinkName): Promise<number> {
    const open = new Set<string>();
    const settled: string[] = [];
    for await (const key of store.list(`dead-letters/${sink}/`)) {
      const place = letterPlace(key);
      if (place?.isSettlement === true) settled.push(place.letter);
      else if (place !== undefined) open.add(key);
    }
    for (const key of settled) open.delete(key);
    return open.size;
  }

  async function settle(letter: DeadLetter, how: 'retried' | 'dropped', at: Instant): Promise<void> {
    const first = letterId(letter, 1);
    if (letter.id !== first && !letter.id.startsWith(`${first}.`)) {
      throw new RangeError('a letter must be settled as it was listed');
    }
    await store.create(settledKey(letterKey(letter.id)), sealed({ how, at: formatInstant(at) }));
  }

  return { deadLetter, deadLetters, deadLetterCount, settle };
}

/** The place of the letter below `dead-letters/`: unique, and what the command line calls it. */
function letterId(letter: Omit<DeadLetter, 'id'>, nth: number): string {
  if (!EVENT_ID.test(letter.event_id)) throw new RangeError('an event id must be safe as a name');
  const first = `${letter.sink}/${letter.source}/${eight(letter.number)}-${letter.event_id}`;
  return nth === 1 ? first : `${first}.${nth}`;
}

function letterKey(id: string): string {
  return `dead-letters/${id}.json`;
}

export function settledKey(key: string): string {
  return `${key.slice(0, -'.json'.length)}.settled.json`;
}

export interface LetterPlace {
  /** The letter itself, also when the key is that of its settlement. */
  readonly letter: string;
  readonly isSettlement: boolean;
  /** The letter that had to be settled before this one could be. */
  readonly before: string | undefined;
}

export function letterPlace(key: string): LetterPlace | undefined {
  const [, sink = '', source = '', name = '', nth, settled] = PLACE.exec(key) ?? [];
  if (parseSinkName(sink) === undefined || parseSourceName(source) === undefined) return undefined;
  const first = `${sink}/${source}/${name}`;
  return {
    letter: letterKey(nth === undefined ? first : `${first}.${nth}`),
    isSettlement: settled !== undefined,
    before: nth === undefined ? undefined : letterKey(nth === '2' ? first : `${first}.${Number(nth) - 1}`),
  };
}

export function parseLetter(bytes: Uint8Array, key: string): DeadLetter {
  const parsed = Letter.safeParse(unseal(bytes, key));
  if (parsed.success) {
    const { letter: nth = 1, ...letter } = parsed.data;
    const id = letterId(letter, nth);
    if (key === letterKey(id)) return { id, ...letter };
  }
  throw new Fault('malformed', `archive object ${key} was changed: it is not a dead letter`);
}
