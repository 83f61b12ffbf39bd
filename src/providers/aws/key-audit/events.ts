import { z } from 'zod';
import { formatInstant, parseInstant } from '../../../domain/instant.ts';
import type { EventsAnswer } from '../audit-answers.ts';
import type { Depth } from './depth.ts';
import type { Seen } from './fold.ts';

const Text = z.string().optional().catch(undefined);

/** Of what CloudTrail writes of an event. Parameters and answers of calls may hold secrets: nothing that is not named here is kept. */
const Record = z.object({
  awsRegion: Text,
  errorCode: Text,
  eventType: Text,
  requestID: Text,
  sourceIPAddress: Text,
  vpcEndpointId: Text,
});

/** One event in AWS's own words, as far as it is kept. */
export const ToldEvent = z.object({
  EventId: z.string(),
  EventTime: z.string(),
  EventName: Text,
  EventSource: Text,
  ReadOnly: Text,
  Resources: z.array(z.object({ ResourceType: Text, ResourceName: Text })).optional(),
  CloudTrailEvent: Record.optional(),
});
export type ToldEvent = z.infer<typeof ToldEvent>;

/** For the manifest: what is dropped of what CloudTrail is asked for. */
export const CUT: Readonly<Record<Depth, readonly string[]>> = {
  info: [],
  products: ['LookupEvents.Events: Username, AccessKeyId, ReadOnly, Resources, CloudTrailEvent'],
  full: [`LookupEvents.Events: Username, AccessKeyId, CloudTrailEvent but its ${Record.keyof().options.join(', ')}`],
};

/** What of it is kept: services only need less. */
export function toldOf(event: EventsAnswer['Events'][number], depth: Depth): ToldEvent {
  const { EventId, EventName, EventSource, ReadOnly, Resources } = event;
  const told = { EventId, EventTime: formatInstant(event.EventTime.getTime()), EventName, EventSource };
  if (depth !== 'full') return told;
  const record = recordOf(event.CloudTrailEvent);
  return {
    ...told,
    ReadOnly,
    ...(Resources.length === 0 ? {} : { Resources }),
    ...(record === undefined ? {} : { CloudTrailEvent: record }),
  };
}

function recordOf(text: string | undefined): z.infer<typeof Record> | undefined {
  if (text === undefined) return undefined;
  try {
    return Record.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** As it is counted. An address is an IP address, or the name of the service of AWS that called in the key's stead. */
export function seenOf(event: ToldEvent, region: string): Seen {
  const { EventId: id, EventName, EventSource, EventTime } = event;
  const address = event.CloudTrailEvent?.sourceIPAddress;
  const resources = (event.Resources ?? []).flatMap(({ ResourceType: type = '', ResourceName: name }) =>
    name === undefined || name === '' ? [] : [{ type, name }],
  );
  return {
    id,
    at: parseInstant(EventTime) ?? 0,
    region,
    service: serviceOf(EventSource),
    event: EventName ?? 'unknown',
    ...(address === undefined ? {} : { address }),
    ...(resources.length === 0 ? {} : { resources }),
  };
}

/** `s3` of `s3.amazonaws.com`. */
function serviceOf(source: string | undefined): string {
  return (source ?? 'unknown').replace(/\.amazonaws\.com$/, '');
}
