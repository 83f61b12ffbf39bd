import type { Event } from '../../domain/event.ts';
import { fastIso } from '../../kit/fast-iso.ts';
import { layOut } from './bodies.ts';
import { regionOf } from './cloud.ts';
import { type Edition, type Head, headFinder } from './edition.ts';
import { type Layout, SUCCESS } from './layout.ts';
import { millis, PLAIN_KINDS, rest, SEVERITIES } from './parts.ts';
import { type Shared, sharedFinder } from './shared.ts';
import { member, members } from './text.ts';

const IDENTITY = new Set(['kind', 'id', 'name', 'unique_id']);
const ODD_IDENTITY = new Set(['id', 'name', 'unique_id']);
const SEVERITY_TEXTS = new Map(
  Object.entries(SEVERITIES).map(([word, { id, caption }]) => [word, members({ severity_id: id, severity: caption })]),
);
const SUCCESS_TEXT = members(SUCCESS);

/**
 * Writes events by one release of OCSF. What one searches for stands first; what has no home is kept, last, under `unmapped`. As text from the
 * start: what all events of a report or of a type have in common is written once, which is half of each.
 */
export function ocsfEvents(edition: Edition): (event: Event) => string {
  const headOf = headFinder(edition);
  const sharedOf = sharedFinder(edition);
  return (event) => {
    const head = headOf(event);
    return textOf(head, event, layOut(edition, head, event), sharedOf(event));
  };
}

function textOf(head: Head, event: Event, layout: Layout, shared: Shared): string {
  const occurred = millis(event.occurred_at);
  const time = occurred ?? shared.time ?? 0;
  const body =
    `"time":${time},"time_dt":"${fastIso(time)}",` +
    (SEVERITY_TEXTS.get(event.severity) ?? SEVERITY_TEXTS.get('informational')) +
    member('message', event.message) +
    members(layout.first) +
    cloudText(event, shared) +
    member('observables', [...layout.observables, ...shared.observables]) +
    head.text +
    (layout.next === SUCCESS ? SUCCESS_TEXT : members(layout.next)) +
    metadataText(event, shared) +
    unmappedText(event, layout, shared, occurred !== undefined) +
    members(layout.last ?? {});
  return `{${body.slice(0, -1)}}`;
}

function cloudText({ identity }: Event, { cloud }: Shared): string {
  if (cloud === undefined) return '';
  const region = regionOf(identity);
  return region === undefined ? `"cloud":{${cloud}},` : `"cloud":{${cloud},"region":"${region}"},`;
}

function metadataText({ id, type, kind }: Event, { metadata }: Shared): string {
  return `"metadata":{${metadata.start}${member('uid', id)}${member('event_code', type)}${metadata.middle}"log_name":"muster.${kind}",${metadata.end}},`;
}

/** `account` and `report` are the same for all events of a report. */
function unmappedText(event: Event, layout: Layout, shared: Shared, hasOccurred: boolean): string {
  let text = '';
  for (const key of Object.keys(event) as (keyof Event)[]) {
    switch (key) {
      case 'id':
      case 'kind':
      case 'type':
      case 'severity':
      case 'message':
        break;
      case 'time':
        if (shared.time === undefined) text += member(key, event.time);
        break;
      case 'occurred_at':
        if (!hasOccurred) text += member(key, event.occurred_at);
        break;
      case 'account':
        text += shared.account;
        break;
      case 'report':
        text += shared.report;
        break;
      case 'identity':
        text += leftText(key, event.identity, PLAIN_KINDS.has(event.identity?.kind ?? '') ? IDENTITY : ODD_IDENTITY);
        break;
      default:
        text += leftText(key, event[key], layout.homes[key]);
    }
  }
  text += members(layout.left ?? {});
  return `"unmapped":{${text.slice(0, -1)}},`;
}

function leftText(key: string, value: unknown, home: true | ReadonlySet<string> | undefined): string {
  if (home === true || value === undefined) return '';
  return member(key, home === undefined ? value : rest(value as object as Readonly<Record<string, unknown>>, home));
}
