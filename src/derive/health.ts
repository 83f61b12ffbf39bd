import type { Event, EventAccount } from '../domain/event.ts';
import { type HealthState } from '../domain/event-types.ts';
import { Fault } from '../domain/fault.ts';
import type { Health, Trouble } from '../domain/health.ts';
import { HEALTH_PART } from '../domain/health.ts';
import { parseInstant } from '../domain/instant.ts';
import type { LoadedReport } from '../domain/loaded.ts';
import { parseSourceName, splitSource } from '../domain/names.ts';
import { printable } from './message.ts';
import type { Pair } from './pair.ts';
import { eventOf } from './pair.ts';
import { severityOfHealth } from './severity.ts';

type Thing = 'source' | 'sink' | 'organization';
type Troubles = Readonly<Record<string, Trouble>>;

/** What went wrong and what is well again between two states of health; at a baseline, all that is wrong. */
export function healthEvents(pair: Pair): readonly Event[] {
  const before = pair.previous === undefined ? undefined : healthIn(pair.previous);
  const after = healthIn(pair.current);
  return [
    ...troubleEvents(pair, 'source', before?.sources ?? {}, after.sources),
    ...troubleEvents(pair, 'sink', before?.sinks ?? {}, after.sinks),
    ...troubleEvents(pair, 'organization', before?.organizations ?? {}, after.organizations ?? {}),
  ];
}

function healthIn({ parts, entry }: LoadedReport): Health {
  const bytes = parts.get(HEALTH_PART);
  if (bytes === undefined) {
    throw new Fault('malformed', `report ${entry.number} of ${entry.source} has no ${HEALTH_PART}`);
  }
  return JSON.parse(new TextDecoder().decode(bytes)) as Health; // our own part, its digest was checked
}

function troubleEvents(pair: Pair, thing: Thing, before: Troubles, after: Troubles): readonly Event[] {
  const old = new Map(Object.entries(before));
  const events: Event[] = [];
  for (const [name, trouble] of Object.entries(after)) {
    const was = old.get(name);
    old.delete(name);
    if (was?.state !== trouble.state || was.fault !== trouble.fault) {
      events.push(healthEvent(pair, thing, name, was, trouble));
    }
  }
  for (const [name, was] of old) events.push(healthEvent(pair, thing, name, was, undefined));
  return events;
}

function healthEvent(
  pair: Pair,
  thing: Thing,
  name: string,
  was: Trouble | undefined,
  trouble: Trouble | undefined,
): Event {
  const state: HealthState = trouble?.state ?? 'recovered';
  return eventOf(pair, {
    kind: 'health',
    facts: { type: `health.${thing}.${state}`, identity: [name] },
    occurredAt: trouble === undefined ? undefined : sinceOf(trouble),
    severity: severityOfHealth(state),
    message: printable(`${thing} ${name} ${sayingOf(state)}${trouble === undefined ? '' : `: ${trouble.message}`}`),
    account: (thing === 'source' ? accountOf(name) : undefined) ?? pair.account,
    ...(was === undefined ? {} : { before: stateOf(was) }),
    ...(trouble === undefined ? {} : { after: stateOf(trouble) }),
    data: { [thing]: name, state, ...withoutOver(trouble), window: pair.window },
  });
}

/** The message says it; for a SIEM it is no field of its own. */
function withoutOver(trouble: Trouble | undefined): Partial<Trouble> {
  const { over: _, ...told } = trouble ?? {};
  return told;
}

const SAYINGS: Readonly<Record<HealthState, string>> = {
  failing: 'is failing',
  late: 'is late',
  quarantined: 'has a report in quarantine',
  held: 'is held',
  left: 'has left',
  recovered: 'is well again',
};

function sayingOf(state: HealthState): string {
  return SAYINGS[state];
}

function sinceOf({ since }: Trouble): string | undefined {
  return parseInstant(since) === undefined ? undefined : since;
}

function stateOf({ state, fault }: Trouble): Readonly<Record<string, unknown>> {
  return { state, ...(fault === undefined ? {} : { fault }) };
}

/** A source's name says whose it is; the alias and the labels stand in that source's own reports. */
function accountOf(name: string): EventAccount | undefined {
  const source = parseSourceName(name);
  if (source === undefined) return undefined;
  const { provider, accountId } = splitSource(source);
  return { provider, id: accountId, name: accountId, labels: {} };
}
