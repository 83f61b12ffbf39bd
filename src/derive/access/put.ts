import type { AccessIdentity, Grant } from '../../domain/access.ts';
import type { EventCredential, EventIdentity } from '../../domain/event.ts';
import type { Instant } from '../../domain/instant.ts';
import { type Field, valueOf } from '../../domain/record.ts';
import { fastIso } from '../../kit/fast-iso.ts';
import type { Fact } from '../event-id.ts';

export type Data = Record<string, unknown>;

/** More than this stands in the report; an event says how much it left out. */
const MAX_LISTED = 50;

/** A field as an event shows it: its value, or why there is none. */
export function shown(name: string, field: Field<string | number | boolean>): Data {
  if ('value' in field) return { [name]: field.value };
  return { [`${name}_reason`]: field.reason, ...(field.why === undefined ? {} : { [`${name}_why`]: field.why }) };
}

export function shownInstant(name: string, field: Field<Instant>): Data {
  return shown(name, 'value' in field ? { value: fastIso(field.value) } : field);
}

/** Where saying why there is none would only be noise. */
export function known(name: string, field: Field<string | number>): Data {
  return 'value' in field ? { [name]: field.value } : {};
}

/** Lists by name, none longer than an event bears; what is cut off is counted. Empty ones go without saying. */
export function bounded(lists: Readonly<Record<string, readonly unknown[]>>): Data {
  const told = Object.entries(lists).filter(([, list]) => list.length > 0);
  const cut = told.filter(([, { length }]) => length > MAX_LISTED);
  return {
    ...Object.fromEntries(told.map(([name, list]) => [name, list.slice(0, MAX_LISTED)])),
    ...(cut.length === 0
      ? {}
      : { cut: Object.fromEntries(cut.map(([name, { length }]) => [name, length - MAX_LISTED])) }),
  };
}

export function shownGrant({ policy, via }: Grant): Data {
  return { policy, ...(via === undefined ? {} : { via }) };
}

export function identityOf({ kind, id, name, uniqueId }: AccessIdentity): EventIdentity {
  return { kind, id, name, ...(uniqueId === undefined ? {} : { unique_id: uniqueId }) };
}

export function factsOf({ kind, id, createdAt }: AccessIdentity): readonly Fact[] {
  return [kind, id, valueOf(createdAt) ?? null];
}

export function credentialOf({
  id,
  createdAt,
}: {
  readonly id: string;
  readonly createdAt: Field<Instant>;
}): EventCredential {
  const created = valueOf(createdAt);
  return { kind: 'access_key', id, ...(created === undefined ? {} : { created_at: fastIso(created) }) };
}
