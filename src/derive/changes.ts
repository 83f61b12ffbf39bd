import type { Event } from '../domain/event.ts';
import { formatInstant } from '../domain/instant.ts';
import type { Change } from './change.ts';
import type { Comparison } from './comparison.ts';
import { factOf, identityFacts } from './event-id.ts';
import { identityChanges, identityGone } from './identity-changes.ts';
import { changeMessage } from './message.ts';
import type { Pair } from './pair.ts';
import { credentialOf, eventOf, identityOf } from './pair.ts';
import { isSameUse } from './same-record.ts';
import { type Scene, sceneOf } from './scene.ts';
import { severityOfChange } from './severity.ts';

/** What came, went and was switched between two reports; nothing at a baseline. */
export function changeEvents(pair: Pair, comparison: Comparison): readonly Event[] {
  if (pair.previous === undefined) return [];
  const ordinalOf = twinCounter();
  const scene = sceneOf(pair.previous, pair.current);
  return changesOf(comparison, scene).map((change) => changeEvent(pair, change, ordinalOf(change)));
}

function changesOf({ rows, gone }: Comparison, scene: Scene): readonly Change[] {
  const changes: Change[] = [];
  for (const { before, record, changed } of rows) {
    if (changed || before === undefined || !isSameUse(before, record)) {
      changes.push(...identityChanges(before, record, scene));
    }
  }
  for (const record of gone) changes.push(...identityGone(record));
  return changes;
}

/** Two keys made in one second may tell the same facts: the second is number 1. */
function twinCounter(): (change: Change) => number {
  const seen = new Map<string, number>();
  return (change) => {
    const { type, record, credential, before, after } = change;
    const made = credential && factOf(credential.createdAt);
    const text = JSON.stringify([type, record.identity.id, made, before?.facts, after?.facts]);
    const ordinal = seen.get(text) ?? 0;
    seen.set(text, ordinal + 1);
    return ordinal;
  };
}

function changeEvent(pair: Pair, change: Change, ordinal: number): Event {
  const { type, record, credential, before, after, occurredAt } = change;
  const { identity } = record;
  return eventOf(pair, {
    kind: 'change',
    facts: {
      type,
      identity: identityFacts(identity),
      ...(credential === undefined ? {} : { credential: factOf(credential.createdAt) }),
      ...(before === undefined ? {} : { before: before.facts }),
      ...(after === undefined ? {} : { after: after.facts }),
      ordinal,
    },
    ...(occurredAt === undefined ? {} : { occurredAt: formatInstant(occurredAt) }),
    severity: severityOfChange(type, identity.kind, pair.current.context.changes),
    message: changeMessage(type, identity, pair.account.name, credential?.id),
    identity: identityOf(identity),
    ...(credential === undefined ? {} : { credential: credentialOf(credential) }),
    ...(before === undefined ? {} : { before: before.data }),
    ...(after === undefined ? {} : { after: after.data }),
    data: { window: pair.window },
  });
}
