import { Fault } from '../../../domain/fault.ts';
import type { Instant } from '../../../domain/instant.ts';
import { shortHash } from '../../../kit/short-hash.ts';
import type { AuditEvent } from '../audit-answers.ts';
import { readZoned } from '../credential-report/zone.ts';
import type { Depth, Seen } from './fold.ts';

/** The zone of CloudAudit's own times: measured, not of a setting. */
const ZONE = '+08:00';

/** What is kept of an event in Tencent's own words: services only need less. */
export function toldOf(event: AuditEvent, depth: Depth): AuditEvent {
  if (depth === 'full') return event;
  const { EventName, SourceIPAddress: _, Resources, ...told } = event;
  const type = Resources?.ResourceType;
  return {
    ...told,
    EventName: depth === 'actions' ? EventName : undefined,
    SourceIPAddress: undefined,
    ...(type === undefined ? {} : { Resources: { ResourceType: type, ResourceName: undefined } }),
  };
}

const NEVER_KEPT = 'LookUpEvents.Events: CloudAuditEvent, Username, SecretId, AccountID, Location';
/** For the manifest: what is dropped of events. */
export const CUT_OF_EVENTS: Readonly<Record<Depth, readonly string[]>> = {
  info: [],
  products: [`${NEVER_KEPT}, EventName, SourceIPAddress, Resources.ResourceName`],
  actions: [`${NEVER_KEPT}, SourceIPAddress, Resources.ResourceName`],
  full: [NEVER_KEPT],
};

/** As it is counted. */
export function seenOf(event: AuditEvent, region: string, who: string): Seen {
  const { EventName = '', EventRegion, ResourceRegion, SourceIPAddress, Resources } = event;
  const name = Resources?.ResourceName;
  return {
    id: event.EventId ?? event.RequestID ?? shortHash(JSON.stringify(event)),
    at: timeOf(event, who),
    region: EventRegion ?? ResourceRegion ?? region,
    service: serviceOf(event),
    event: EventName,
    ...(SourceIPAddress === undefined ? {} : { address: SourceIPAddress }),
    ...(name === undefined ? {} : { resource: { type: Resources?.ResourceType ?? '', name } }),
  };
}

/** `2019-03-20 12:36:27` in one operation and `1680513809` in its sister: both are read. */
function timeOf({ EventTime = '' }: AuditEvent, who: string): Instant {
  const at = /^\d{9,11}$/.test(EventTime) ? Number(EventTime) * 1_000 : readZoned(EventTime, ZONE);
  if (at !== undefined) return at;
  const what = `cloudaudit:LookUpEvents told a time that is not understood (${JSON.stringify(EventTime.slice(0, 40))})`;
  throw new Fault('malformed', `${who}: ${what}`);
}

/** The short name of the product (`cvm`); where it is not told, the first word of the host that was called. */
function serviceOf({ Resources, EventSource }: AuditEvent): string {
  const told = Resources?.ResourceType ?? EventSource?.split(/[./]/)[0];
  return (told ?? 'unknown').toLowerCase();
}
