import type { Event } from '../domain/event.ts';
import { formatInstant } from '../domain/instant.ts';
import type { Comparison } from './comparison.ts';
import { factOf, identityFacts } from './event-id.ts';
import type { Change } from './identity-changes.ts';
import { identityChanges, identityGone } from './identity-changes.ts';
import { changeMessage } from './message.ts';
import type { Pair } from './pair.ts';
import { credentialOf, eventOf, identityOf } from './pair.ts';
import { severityOfChange } from './severity.ts';

/** What came, went and was switched between two reports; nothing at a baseline. */
export function changeEvents(pair: Pair, comparison: Comparison): readonly Event[] {
  if (pair.previous === undefined) return [];
  const ordinalOf = twinCounter();
  return changesOf(comparison).map((change) => changeEvent(pair, change, ordinalOf(change)));
}

function changesOf({ rows, gone }: Comparison): readonly Change[] {
  const changes: Change[] = [];
  for (const row of rows) if (row.changed) changes.push(...identityChanges(row.before, row.record));
  for (const record of gone) changes.push(...identityGone(record));
  return changes;
}

/** Two keys made in one second may tell the same facts: the second is number 1. */
function twinCounter(): (change: Change) => number {
  const seen = new Map<string, number>();
  return (change) => {
    const { type, record, key, before, after } = change;
    const text = JSON.stringify([type, record.identity.id, key && factOf(key.createdAt), before?.facts, after?.facts]);
    const ordinal = seen.get(text) ?? 0;
    seen.set(text, ordinal + 1);
    return ordinal;
  };
}

function changeEvent(pair: Pair, change: Change, ordinal: number): Event {
  const { type, record, key, before, after, occurredAt } = change;
  const { identity } = record;
  return eventOf(pair, {
    kind: 'change',
    facts: {
      type,
      identity: identityFacts(identity),
      ...(key === undefined ? {} : { credential: factOf(key.createdAt) }),
      ...(before === undefined ? {} : { before: before.facts }),
      ...(after === undefined ? {} : { after: after.facts }),
      ordinal,
    },
    ...(occurredAt === undefined ? {} : { occurredAt: formatInstant(occurredAt) }),
    severity: severityOfChange(type, identity.kind),
    message: changeMessage(type, identity, pair.account.name, key?.id),
    identity: identityOf(identity),
    ...(key === undefined ? {} : { credential: credentialOf(key) }),
    ...(before === undefined ? {} : { before: before.data }),
    ...(after === undefined ? {} : { after: after.data }),
    data: { window: pair.window },
  });
}
