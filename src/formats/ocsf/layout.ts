import type { Event } from '../../domain/event.ts';
import type { Edition } from './edition.ts';
import { type Data, millis, type Part } from './parts.ts';

/** Which fields of the plain event are told elsewhere, whole or by key; all others go under `unmapped`. */
export type Homes = Readonly<Record<string, true | ReadonlySet<string>>>;

/** `type` is left out: it says what `type_id` says. */
export interface Observable {
  readonly name: string;
  readonly type_id: number;
  readonly value: string;
}

/** One class's own attributes: what one searches for, and what follows. */
export interface Layout {
  readonly first: Part;
  readonly observables: readonly Observable[];
  readonly next: Part;
  /** What is left of fields that are told elsewhere only in part. */
  readonly left?: Part;
  /** Long, and seldom searched. */
  readonly last?: Part;
  readonly homes: Homes;
}

export type LayOut = (event: Event, edition: Edition) => Layout;

export const SUCCESS: Part = { status_id: 1, status: 'Success' };

/** Of a user at `path`, which is how the event's attributes are named. */
export function userObservables(path: string, { identity }: Event): readonly Observable[] {
  if (identity === undefined) return [];
  return [
    { name: `${path}.uid`, type_id: 31, value: identity.id },
    { name: `${path}.name`, type_id: 4, value: identity.name },
  ];
}

/** Only ids that the cloud told are worth searching for. */
export function credentialObservable(name: string, id: unknown): readonly Observable[] {
  return typeof id === 'string' ? [{ name, type_id: 19, value: id }] : [];
}

/** The two reports between which it happened, when both of their times can be written as OCSF has them. */
export function windowOf({ data }: Event): Part | undefined {
  const window = data?.['window'];
  if (typeof window !== 'object' || window === null) return undefined;
  const { after, until, ...others } = window as Data; // `data` is ours: each key is looked at before it is used
  const [start, end] = [millis(after), millis(until)];
  if (end === undefined || Object.keys(others).length > 0) return undefined;
  if (after === undefined) return { end_time: end };
  return start === undefined ? undefined : { start_time: start, end_time: end };
}
