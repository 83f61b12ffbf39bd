import type { Event, EventCredential } from '../domain/event.ts';
import type { Format } from './format.ts';
import { plain } from './plain.ts';

type Data = Readonly<Record<string, unknown>>;

/** `plain` for receivers that lose which values of an array belong together: inventory is a line for each credential. */
export const plainRows: Format = {
  name: 'plain-rows',
  encode: (event) => plain.encode(event),
  rows: (event) => (event.kind === 'inventory' && event.data !== undefined ? rowsOf(event, event.data) : [event]),
};

/** What `data` lists, in this order, and what one of it is called. */
const LISTS = [
  ['access_keys', 'access_key'],
  ['certificates', 'certificate'],
  ['service_credentials', 'service_credential'],
] as const;

/** The first row is the identity with its password and the cloud's cells, under the event's own id; then a row for each credential. */
function rowsOf(event: Event, data: Data): readonly Event[] {
  const { access_keys: _, certificates: __, service_credentials: ___, cells, ...identity } = data;
  const credentials = LISTS.flatMap(([list, kind]) => listIn(data[list]).map((credential) => ({ kind, credential })));
  const rows = credentials.length + 1;
  return [
    { ...event, data: { row: 0, rows, ...identity, cells } },
    ...credentials.map(({ kind, credential }, index) => ({
      ...event,
      id: `${event.id}-${index + 1}`,
      message: `${event.message}: ${kind.replace('_', ' ')} ${index + 1} of ${rows - 1}`,
      credential: headOf(kind, credential),
      data: { row: index + 1, rows, ...identity, credential },
    })),
  ];
}

function listIn(list: unknown): readonly Data[] {
  return Array.isArray(list) ? (list as readonly Data[]) : []; // Muster's own records
}

/** As in a change: kind, id and creation time, where these are known. */
function headOf(kind: string, { id, created_at }: Data): EventCredential {
  return {
    kind,
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof created_at === 'string' ? { created_at } : {}),
  };
}
