import type { Derived, Event } from '../../domain/event.ts';
import type { Field } from '../../domain/record.ts';

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

/** Of a field that changes with every use: that there is a value counts, and not which. */
export function stateOf(field: Field<unknown>): string {
  return 'value' in field ? 'told' : field.reason;
}

/** Of a field that is worth telling again. */
export function factOf(field: Field<boolean>): string {
  return 'value' in field ? String(field.value) : field.reason;
}
