import type { Event } from '../../domain/event.ts';
import { formatInstant } from '../../domain/instant.ts';
import { type SourceName, splitSource } from '../../domain/names.ts';
import { derivedEvents } from '../commands/events.ts';
import { type Period, pickSources, type Session } from '../session.ts';
import type { Subject } from './subjects.ts';

const KINDS: ReadonlySet<string> = new Set(['inventory', 'change', 'finding', 'access']);

export interface Looking {
  readonly sources: readonly string[];
  readonly period: Period;
  readonly onDamage: (error: unknown) => void;
  readonly progress: (text: string) => void;
}

/** Every event about one subject, oldest first: what is only told again (nothing in it changed) is left out. */
export async function timelineOf(subject: Subject, session: Session, looking: Looking): Promise<readonly Event[]> {
  const events: Event[] = [];
  for (const source of await pickSources(session, looking.sources)) {
    if (!isIn(subject, source)) continue;
    looking.progress(`reading ${source}\n`);
    for await (const derived of derivedEvents(session.stage, source, looking.period, looking.onDamage)) {
      for (const one of derived) {
        if (!one.changed) continue;
        const { event } = one;
        if (KINDS.has(event.kind) && isAbout(event, subject)) events.push(event);
      }
    }
  }
  return events.sort(byTime);
}

export function isIn({ provider, accountId }: Subject, source: SourceName): boolean {
  const place = splitSource(source);
  return place.provider === provider && place.accountId === accountId;
}

function byTime(one: Event, other: Event): number {
  return compare(one.occurred_at, other.occurred_at) || compare(one.report.generated_at, other.report.generated_at);
}

/** Not as text: some clouds tell whole seconds, some parts of them. */
export function compare(one: string, other: string): number {
  return Date.parse(one) - Date.parse(other);
}

type Data = Readonly<Record<string, unknown>>;

function isAbout(event: Event, subject: Subject): boolean {
  const { identity, key } = subject;
  if (key === undefined) return event.identity?.id === identity.id && event.identity.kind === identity.kind;
  const { credential, before, after, data } = event;
  if ([credential?.id, before?.['id'], after?.['id']].includes(key.id)) return true;
  if (event.identity?.id !== identity.id) return false;
  return isSame(credential, key) || keysIn(data).some((one) => one['id'] === key.id || isSame(one, key));
}

/** Where a report does not tell ids, the owner and the creation tell keys apart. */
function isSame(credential: Event['credential'] | Data, { createdAt }: NonNullable<Subject['key']>): boolean {
  if (credential === undefined || createdAt === undefined) return false;
  const { id, kind = 'access_key', created_at } = credential as Data; // of an event: each key is looked at
  return id === undefined && kind === 'access_key' && created_at === formatInstant(createdAt);
}

/** Of an inventory. */
export function keysIn(data: Data | undefined): readonly Data[] {
  const keys = data?.['access_keys'];
  return Array.isArray(keys) ? (keys as readonly Data[]) : []; // Muster's own records
}
