import type { Derived, Event } from '../../domain/event.ts';

/** One `access` event: made anew each time it is asked for, because most are not sent. */
export class Listing implements Derived {
  /** Whose it is. */
  readonly identityId: string;
  readonly kind = 'access';
  readonly changed: boolean;
  readonly daily: boolean;
  readonly #make: () => Event;

  constructor(identityId: string, make: () => Event, changed: boolean, daily: boolean) {
    this.identityId = identityId;
    this.#make = make;
    this.changed = changed;
    this.daily = daily;
  }

  get event(): Event {
    return this.#make();
  }
}

/** What an event shows beside times, counts, regions and the order of lists, as one text: it changed when this did. */
export function essenceOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(essenceOf).sort().join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const told = Object.entries(value).filter(([name]) => !PASSING.test(name));
  const seen = Object.keys(value).filter((name) => PASSING.test(name));
  return `{${[...told.map(([name, part]) => `${JSON.stringify(name)}:${essenceOf(part)}`), ...seen].sort().join()}}`;
}

/** That there is one counts, and not which. */
const PASSING = /(?:_at|_since|count|region)$/;
