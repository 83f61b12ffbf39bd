import type { KeyUse } from '../../src/domain/access.ts';
import { valueOf } from '../../src/domain/record.ts';
import type { RawReport } from '../../src/domain/report.ts';

/** One event as a cloud told it; and where it was told. */
type Told = Readonly<Record<string, unknown>>;

interface Happened {
  readonly at: number;
  readonly region: string;
  /** What it counts for: `service ec2`. */
  readonly names: readonly string[];
}

/** How a cloud's events are read. */
export type EventReader = (event: Told, region: string) => Happened & { readonly id: string };

interface Line {
  readonly key: string;
  readonly regions?: readonly string[];
  readonly goes_on?: boolean;
  readonly events?: number;
  readonly region?: string;
  readonly event?: Told;
}

/** A second reader: what each key was used for, from the events of a chain of reports alone. */
export function usesByEvents(chain: readonly RawReport[], read: EventReader): Record<string, unknown> {
  const keys = new Map<string, Map<string, Happened & { readonly toldBy: string }>>();
  for (const line of chain.flatMap(eventLines)) {
    const ofKey = keys.get(line.key) ?? new Map<string, Happened & { readonly toldBy: string }>();
    keys.set(line.key, ofKey);
    if (line.goes_on === false)
      for (const [id, { toldBy }] of ofKey) if (line.regions!.includes(toldBy)) ofKey.delete(id);
    if (line.event === undefined) continue;
    const { id, ...happened } = read(line.event, line.region!);
    ofKey.set(id, { ...happened, toldBy: line.region! });
  }
  return Object.fromEntries([...keys].flatMap(([key, events]) => counted(key, [...events.values()])));
}

/** The rows of the table, as far as a trail tells them. */
export function usesByTable(rows: readonly KeyUse[]): Record<string, unknown> {
  return Object.fromEntries(
    rows.flatMap((row) => {
      const count = valueOf(row.count);
      if (count === undefined || count === 0) return [];
      const { key, what, service, name, type } = row;
      const times = { first: valueOf(row.firstUsedAt), last: valueOf(row.lastUsedAt) };
      return [[`${key.id} ${nameOf(what, service, type, name)}`, { ...times, region: valueOf(row.region), count }]];
    }),
  );
}

export function eventLines(report: RawReport): readonly Line[] {
  const part = report.parts.find(({ name }) => name === 'events.jsonl');
  const text = new TextDecoder().decode(part?.bytes);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

export function readAwsEvent(event: Told, region: string): ReturnType<EventReader> {
  const { sourceIPAddress } = (event['CloudTrailEvent'] ?? {}) as Record<string, string | undefined>;
  const service = String(event['EventSource']).split('.')[0]!;
  const resources = (event['Resources'] ?? []) as readonly Record<string, string>[];
  return {
    id: String(event['EventId']),
    at: Date.parse(String(event['EventTime'])),
    region,
    names: [
      ...namesOf(service, String(event['EventName']), sourceIPAddress),
      ...resources.map((one) => nameOf('resource', '', one['ResourceType']!, one['ResourceName']!)),
    ],
  };
}

export function readTencentEvent(event: Told, region: string): ReturnType<EventReader> {
  const { EventId, EventTime, EventName, EventRegion, SourceIPAddress, Resources } = event as Record<string, string>;
  const { ResourceType = '', ResourceName } = (Resources ?? {}) as unknown as Record<string, string | undefined>;
  return {
    id: EventId!,
    at: Date.parse(`${EventTime!.replace(' ', 'T')}+08:00`),
    region: EventRegion ?? region,
    names: [
      ...namesOf(ResourceType, EventName!, SourceIPAddress),
      ...(ResourceName === undefined ? [] : [nameOf('resource', '', ResourceType, ResourceName)]),
    ],
  };
}

function namesOf(service: string, event: string, address: string | undefined): readonly string[] {
  return [
    nameOf('key', '', '', ''),
    nameOf('service', service, '', ''),
    nameOf('event', service, '', event),
    ...(address === undefined ? [] : [nameOf('address', '', '', address)]),
  ];
}

function nameOf(...words: readonly [what: string, service: string, type: string, name: string]): string {
  return words.join(' ');
}

function counted(key: string, events: readonly Happened[]): readonly (readonly [string, unknown])[] {
  const names = new Set(events.flatMap((event) => event.names));
  return [...names].map((name) => {
    const such = events.filter((event) => event.names.includes(name));
    const last = Math.max(...such.map(({ at }) => at));
    // Of several in the last second the first region by name is told.
    const region = such.flatMap((event) => (event.at === last ? [event.region] : [])).toSorted()[0];
    return [`${key} ${name}`, { first: Math.min(...such.map(({ at }) => at)), last, region, count: such.length }];
  });
}
