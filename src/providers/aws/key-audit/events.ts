import { z } from 'zod';
import type { EventsAnswer } from '../audit-answers.ts';
import type { Depth } from './depth.ts';
import type { Seen } from './fold.ts';

/** What CloudTrail writes of an event, as far as it is used. */
const Told = z.object({ sourceIPAddress: z.string().optional() });

type TrailEvent = EventsAnswer['Events'][number];

export function seenOf(event: TrailEvent, region: string, depth: Depth): Seen {
  const { EventId: id, EventName, EventSource, EventTime } = event;
  const seen = { id, at: EventTime.getTime(), region, service: serviceOf(EventSource), event: EventName ?? 'unknown' };
  if (depth !== 'full') return seen;
  const address = addressOf(event);
  const resources = event.Resources.flatMap(({ ResourceType: type = '', ResourceName: name }) =>
    name === undefined || name === '' ? [] : [{ type, name }],
  );
  return {
    ...seen,
    ...(address === undefined ? {} : { address }),
    ...(resources.length === 0 ? {} : { resources }),
  };
}

/** `s3` of `s3.amazonaws.com`. */
function serviceOf(source: string | undefined): string {
  return (source ?? 'unknown').replace(/\.amazonaws\.com$/, '');
}

/** An IP address, or the name of the service of AWS that called in the key's stead. */
function addressOf({ CloudTrailEvent }: TrailEvent): string | undefined {
  if (CloudTrailEvent === undefined) return undefined;
  try {
    return Told.safeParse(JSON.parse(CloudTrailEvent)).data?.sourceIPAddress;
  } catch {
    return undefined;
  }
}
