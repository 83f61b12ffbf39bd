import type { Event } from '../domain/event.ts';

/** How an event is written: pure, one line of text. */
export interface Format {
  readonly name: string;
  encode(event: Event): string;
  /** The events that are written in place of one; without it, the one. Each has an id of its own, made from the event's. */
  rows?(event: Event): readonly Event[];
}

/** One line, and the id by which a sink tells it from all others: receipts and dead letters count lines. */
export interface Line {
  readonly id: string;
  readonly text: string;
}

/** One by one: the texts of a large report are several times the report. */
export function* linesOf(format: Format, event: Event): Generator<Line> {
  if (format.rows === undefined) yield { id: event.id, text: format.encode(event) };
  else for (const row of format.rows(event)) yield { id: row.id, text: format.encode(row) };
}
