import type { Event } from '../../domain/event.ts';
import { escaped } from '../../kit/json-text.ts';
import type { Edition } from './edition.ts';
import { type Data, millis } from './parts.ts';
import { member, members } from './text.ts';

/** Which fields of the plain event are told elsewhere, whole or by key; all others go under `unmapped`. */
export type Homes = Readonly<Record<string, true | ReadonlySet<string>>>;

/** One class's own attributes, as text: what one searches for, and what follows. */
export interface Layout {
  readonly first: string;
  readonly observables: string;
  readonly next: string;
  /** What is left of fields that are told elsewhere only in part. */
  readonly left?: string;
  /** Long, and seldom searched. */
  readonly last?: string;
  readonly homes: Homes;
}

export type LayOut = (event: Event, edition: Edition) => Layout;

export const SUCCESS = members({ status_id: 1, status: 'Success' });

/** `type` is left out: it says what `type_id` says. */
export function observable(name: string, typeId: number, value: string): string {
  return observableAt(name, typeId)(value);
}

function observableAt(name: string, typeId: number): (value: string) => string {
  const start = `{"name":"${escaped(name)}","type_id":${typeId},"value":"`;
  return (value) => `${start}${escaped(value)}"}`;
}

/** Of a user at `path`, which is how the event's attributes are named. */
export function userObservables(path: string): (event: Event) => string {
  const uidOf = observableAt(`${path}.uid`, 31);
  const nameOf = observableAt(`${path}.name`, 4);
  return ({ identity }) => (identity === undefined ? '' : `${uidOf(identity.id)},${nameOf(identity.name)}`);
}

/** Only ids that the cloud told are worth searching for. */
export function credentialObservable(name: string, id: unknown): string {
  return typeof id === 'string' ? observable(name, 19, id) : '';
}

/** The two reports between which it happened, when both of their times can be written as OCSF has them; else nothing. */
export function windowOf({ data }: Event): string {
  const window = data?.['window'];
  if (typeof window !== 'object' || window === null) return '';
  const { after, until, ...others } = window as Data; // `data` is ours: each key is looked at before it is used
  const [start, end] = [millis(after), millis(until)];
  if (end === undefined || Object.keys(others).length > 0) return '';
  if (after === undefined) return member('end_time', end);
  return start === undefined ? '' : member('start_time', start) + member('end_time', end);
}
