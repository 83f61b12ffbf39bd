import { Fault } from '../domain/fault.ts';
import type { SinkName } from '../domain/names.ts';

/** So many different events, and nothing accepted between: then it is the sink, not the events. */
const REFUSED_IN_A_ROW = 10;

/** What one sink refused of late, as this process knows it. Losing it costs a few dead letters, never an event. */
export interface Refusals {
  /** Ids of what it refused, of whatever source, since it last accepted something. */
  since: Set<string>;
  /** Ids of what it refused before it last accepted something: refused again, they are poisonous. */
  before: ReadonlySet<string>;
  /** How often it accepted something. */
  accepted: number;
  /** By source of which it took nothing: `accepted` at that time. */
  readonly wholly: Map<string, number>;
}

export function refusalsOf(known: Map<SinkName, Refusals>, sink: SinkName): Refusals {
  const refusals = known.get(sink) ?? { since: new Set(), before: new Set(), accepted: 0, wholly: new Map() };
  known.set(sink, refusals);
  return refusals;
}

export function noteAccepted(refusals: Refusals, source: string): void {
  refusals.before = refusals.since;
  refusals.since = new Set();
  refusals.accepted += 1;
  refusals.wholly.delete(source);
}

export function isRefusingAll({ since }: Refusals): boolean {
  return since.size >= REFUSED_IN_A_ROW;
}

/** It took something of another source since it took nothing of this one: these events are refused for what they are. */
export function isOfItsOwn({ accepted, wholly }: Refusals, source: string): boolean {
  return accepted > (wholly.get(source) ?? accepted);
}

export function refusesAll({ since }: Refusals, reason: string): Fault {
  const what = `it refuses every event (${since.size} in a row, none accepted between) and says: ${reason}`;
  return new Fault('misconfigured', `${what}; mend what receives, or the sink's format: nothing is lost meanwhile`, {
    isOfSink: true,
  });
}
