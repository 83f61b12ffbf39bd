import type { Event } from '../../domain/event.ts';
import { fastIso } from '../../kit/fast-iso.ts';
import { escaped } from '../../kit/json-text.ts';
import { layOut } from './bodies.ts';
import { regionOf } from './cloud.ts';
import { type Edition, type Head, headFinder } from './edition.ts';
import type { Layout } from './layout.ts';
import { millis, PLAIN_KINDS, SEVERITIES } from './parts.ts';
import { type Shared, sharedFinder } from './shared.ts';
import { behind, filled, joined, left, list, member, members } from './text.ts';

const IDENTITY = new Set(['kind', 'id', 'name', 'unique_id']);
const ODD_IDENTITY = new Set(['id', 'name', 'unique_id']);
const SEVERITY_TEXTS = new Map(
  Object.entries(SEVERITIES).map(([word, { id, caption }]) => [word, members({ severity_id: id, severity: caption })]),
);

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
  const { occurred_at, severity, message } = event;
  const occurred = occurred_at === event.report.generated_at ? shared.generated : millis(occurred_at);
  const time = occurred ?? shared.time ?? 0;
  return (
    `{"time":${time},"time_dt":"${occurred === undefined ? fastIso(time) : occurred_at}"` +
    (SEVERITY_TEXTS.get(severity) ?? SEVERITY_TEXTS.get('informational')) +
    `,"message":"${escaped(message)}"` +
    layout.first +
    cloudText(event, shared) +
    list('observables', joined(layout.observables, shared.observables)) +
    head.classes +
    layout.next +
    metadataText(event, head, shared) +
    filled('unmapped', unmappedText(event, layout, shared, occurred !== undefined)) +
    (layout.last ?? '') +
    '}'
  );
}

function cloudText({ identity }: Event, { cloud }: Shared): string {
  if (cloud === '') return '';
  const region = regionOf(identity);
  return region === undefined ? `,"cloud":{${cloud}}` : `,"cloud":{${cloud},"region":"${region}"}`;
}

function metadataText({ id }: Event, { eventCode, logName }: Head, { metadata }: Shared): string {
  const { start, middle, end } = metadata;
  return `,"metadata":{${start},"uid":"${escaped(id)}"${eventCode}${middle}${logName}${end}}`;
}

/** `account` and `report` are the same for all events of a report. */
function unmappedText(event: Event, layout: Layout, shared: Shared, hasOccurred: boolean): string {
  let text = '';
  for (const name in event) {
    const key = name as keyof Event; // and fields that came later
    switch (key) {
      case 'id':
      case 'kind':
      case 'type':
      case 'severity':
      case 'message':
        break;
      case 'time':
        if (shared.time === undefined) text = behind(text, member(key, event.time));
        break;
      case 'occurred_at':
        if (!hasOccurred) text = behind(text, member(key, event.occurred_at));
        break;
      case 'account':
        text = behind(text, shared.account);
        break;
      case 'report':
        text = behind(text, shared.report);
        break;
      case 'identity':
        text = behind(text, identityText(event.identity));
        break;
      default:
        text = behind(text, leftText(key, event[key], layout.homes[key]));
    }
  }
  return behind(text, layout.left ?? '');
}

function identityText(identity: Event['identity']): string {
  return leftText('identity', identity, PLAIN_KINDS.has(identity?.kind ?? '') ? IDENTITY : ODD_IDENTITY);
}

function leftText(key: string, value: unknown, home: true | ReadonlySet<string> | undefined): string {
  if (home === true || value === undefined) return '';
  return home === undefined ? member(key, value) : left(key, value as object, home); // only parts have homes by key
}
