import type { Event } from '../domain/event.ts';

/** How an event is written: pure, one line of text. */
export interface Format {
  readonly name: string;
  encode(event: Event): string;
}
