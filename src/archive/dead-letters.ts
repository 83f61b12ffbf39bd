import { z } from 'zod';
import { Fault } from '../domain/fault.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { parseSinkName, parseSourceName, type SinkName, type SourceName } from '../domain/names.ts';
import { sealed, unseal } from './json-object.ts';
import { eight } from './key.ts';
import type { Archive, DeadLetter } from './port.ts';
import type { Store } from './store.ts';

const EVENT_ID = /^[A-Za-z0-9_-]{1,128}$/;

const Letter = z.object({
  sink: z.custom<SinkName>((value) => typeof value === 'string' && parseSinkName(value) !== undefined),
  source: z.custom<SourceName>((value) => typeof value === 'string' && parseSourceName(value) !== undefined),
  number: z.int(),
  event_id: z.string(),
  reason: z.string(),
  rejected_at: z.string(),
  payload: z.string(),
});

/** Events that a sink refused for good. Retried or dropped is one more object beside the letter. */
export function openDeadLetters(store: Store): Pick<Archive, 'deadLetter' | 'deadLetters' | 'settle'> {
  async function deadLetter(letter: Omit<DeadLetter, 'id'>): Promise<void> {
    await store.create(letterKey(letterId(letter)), sealed(letter));
  }

  async function* deadLetters(sink?: SinkName): AsyncIterable<DeadLetter> {
    for await (const key of store.list(sink === undefined ? 'dead-letters/' : `dead-letters/${sink}/`)) {
      if (key.endsWith('.settled.json') || (await store.get(settledKey(key))) !== undefined) continue;
      const bytes = await store.get(key);
      if (bytes !== undefined) yield parseLetter(bytes, key);
    }
  }

  async function settle(letter: DeadLetter, how: 'retried' | 'dropped', at: Instant): Promise<void> {
    await store.create(settledKey(letterKey(letterId(letter))), sealed({ how, at: formatInstant(at) }));
  }

  return { deadLetter, deadLetters, settle };
}

/** The place of the letter below `dead-letters/`: unique, and what the command line calls it. */
function letterId(letter: Omit<DeadLetter, 'id'>): string {
  if (!EVENT_ID.test(letter.event_id)) throw new RangeError('an event id must be safe as a name');
  return `${letter.sink}/${letter.source}/${eight(letter.number)}-${letter.event_id}`;
}

function letterKey(id: string): string {
  return `dead-letters/${id}.json`;
}

export function settledKey(key: string): string {
  return `${key.slice(0, -'.json'.length)}.settled.json`;
}

export function parseLetter(bytes: Uint8Array, key: string): DeadLetter {
  const letter = Letter.safeParse(unseal(bytes, key));
  const id = letter.success ? letterId(letter.data) : '';
  if (letter.success && key === letterKey(id)) return { id, ...letter.data };
  throw new Fault('malformed', `archive object ${key} was changed: it is not a dead letter`);
}
