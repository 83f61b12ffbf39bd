import type { Event } from '../../domain/event.ts';
import { fastIso } from '../../kit/fast-iso.ts';
import { VERSION } from '../../kit/version.ts';
import { layOut } from './bodies.ts';
import { cloudOf } from './cloud.ts';
import { type Edition, type Head, headFinder } from './edition.ts';
import type { Homes, Layout } from './layout.ts';
import { millis, type Part, PLAIN_KINDS, put, rest, SEVERITIES } from './parts.ts';

const WHOLE = true;
const ACCOUNT = new Set(['provider', 'id', 'name', 'labels']);
const IDENTITY = new Set(['kind', 'id', 'name', 'unique_id']);
const ODD_IDENTITY = new Set(['id', 'name', 'unique_id']);
const REPORT = new Set(['source', 'number', 'generated_at']);
const OWN_REPORT = new Set([...REPORT, 'collected_at']);

/** Muster's own state is of no cloud. */
const OWN_PROVIDER = 'muster';

/** Writes events by one release of OCSF. What one searches for stands first; what has no home is kept, last, under `unmapped`. */
export function ocsfEvents(edition: Edition): (event: Event) => Part {
  const headOf = headFinder(edition);
  return (event) => {
    const head = headOf(event);
    return eventOf(edition, head, event, layOut(edition, head, event));
  };
}

function eventOf(edition: Edition, head: Head, event: Event, layout: Layout): Part {
  const severity = SEVERITIES[event.severity];
  const time = millis(event.occurred_at) ?? millis(event.time) ?? 0;
  const isOfACloud = event.account.provider !== OWN_PROVIDER;
  return {
    time,
    time_dt: fastIso(time),
    severity_id: severity?.id ?? 1,
    severity: severity?.caption ?? 'Informational',
    message: event.message,
    ...layout.first,
    ...(isOfACloud ? { cloud: cloudOf(event) } : {}),
    observables: isOfACloud
      ? [...layout.observables, { name: 'cloud.account.uid', type_id: 35, value: event.account.id }]
      : layout.observables,
    class_uid: head.class_uid,
    class_name: head.class_name,
    activity_id: head.activity_id,
    activity_name: head.activity_name,
    type_uid: head.type_uid,
    type_name: head.type_name,
    category_uid: head.category_uid,
    category_name: head.category_name,
    timezone_offset: 0,
    ...layout.next,
    metadata: metadataOf(edition, event, isOfACloud),
    unmapped: { ...unmapped(event, { ...commonHomes(event, isOfACloud), ...layout.homes }), ...layout.left },
    ...layout.last,
  };
}

function metadataOf(edition: Edition, event: Event, isOfACloud: boolean): Part {
  const { report } = event;
  return {
    version: edition.version,
    uid: event.id,
    event_code: event.type,
    product: { name: 'Muster', vendor_name: 'Muster', version: VERSION },
    profiles: isOfACloud ? ['cloud', 'datetime'] : ['datetime'],
    log_name: `muster.${event.kind}`,
    log_source: report.source,
    sequence: report.number,
    original_time: report.generated_at,
    logged_time: millis(event.time),
  };
}

function commonHomes(event: Event, isOfACloud: boolean): Homes {
  const homes: Record<string, true | ReadonlySet<string>> = {
    id: WHOLE,
    kind: WHOLE,
    type: WHOLE,
    severity: WHOLE,
    message: WHOLE,
    report: event.report.collected_at === event.time ? OWN_REPORT : REPORT,
  };
  if (millis(event.time) !== undefined) homes['time'] = WHOLE;
  if (millis(event.occurred_at) !== undefined) homes['occurred_at'] = WHOLE;
  if (isOfACloud) homes['account'] = ACCOUNT;
  if (event.identity !== undefined) homes['identity'] = PLAIN_KINDS.has(event.identity.kind) ? IDENTITY : ODD_IDENTITY;
  return homes;
}

function unmapped(event: Event, homes: Homes): Part {
  const left: Part = {};
  for (const [key, value] of Object.entries(event)) {
    const home = homes[key];
    if (value === undefined || home === true) continue;
    const remains = home === undefined ? value : rest(value, home);
    if (remains !== undefined) put(left, key, remains);
  }
  return left;
}
