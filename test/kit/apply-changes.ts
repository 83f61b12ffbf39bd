import type { Event } from '../../src/domain/event.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import { type CredentialRecord, type Field, valueOf } from '../../src/domain/record.ts';

/** What changes describe of one identity. A field that they do not tell of somebody new is undefined. */
interface Person {
  name: string;
  consoleEnabled: boolean | undefined;
  passwordChangedAt: string | undefined;
  mfa: boolean | undefined;
  loginProtection: boolean | undefined;
  operationProtection: boolean | undefined;
  /** Active or not, by creation; of service credentials by id. */
  readonly keys: Map<string, boolean>;
  readonly certificates: Map<string, boolean>;
  readonly services: Map<string, boolean>;
}

type People = Map<string, Person>;

/** By unique id: every field is known, and no two keys of one user were made in one second. */
export function peopleOf(records: readonly CredentialRecord[]): People {
  return new Map(records.map((record) => [record.identity.uniqueId ?? record.identity.id, personOf(record)]));
}

function personOf(record: CredentialRecord): Person {
  const { console, identity, mfa, loginProtection, operationProtection, serviceCredentials = [] } = record;
  const enabled = valueOf(console.enabled);
  const held = (all: readonly { readonly createdAt: Field<number>; readonly active: Field<boolean> }[]) =>
    new Map(all.map(({ createdAt, active }) => [formatInstant(valueOf(createdAt)!), valueOf(active)!]));
  return {
    name: identity.name,
    consoleEnabled: enabled,
    passwordChangedAt: enabled === true ? formatInstant(valueOf(console.passwordChangedAt)!) : undefined,
    mfa: valueOf(mfa),
    loginProtection: loginProtection && valueOf(loginProtection),
    operationProtection: operationProtection && valueOf(operationProtection),
    keys: held(record.accessKeys),
    certificates: held(record.certificates),
    services: new Map(serviceCredentials.map(({ id, active }) => [id, valueOf(active)!])),
  };
}

/** The people of a report, and what was told since: who they are now, from docs/events.md alone. */
export function applied(people: People, events: readonly Event[]): People {
  for (const event of events) {
    const { type, identity } = event;
    const who = identity?.unique_id ?? identity?.id ?? '';
    if (type === 'user.deleted') people.delete(who);
    else if (type === 'user.created') people.set(who, somebody(identity?.name ?? ''));
    else tell(people.get(who), event);
  }
  return people;
}

function somebody(name: string): Person {
  return {
    name,
    consoleEnabled: false,
    passwordChangedAt: undefined,
    mfa: undefined,
    loginProtection: undefined,
    operationProtection: undefined,
    keys: new Map(),
    certificates: new Map(),
    services: new Map(),
  };
}

function tell(person: Person | undefined, { type, before = {}, after = {}, credential }: Event): void {
  if (person === undefined) return; // what a deleted user held goes with it
  const [thing, verb] = type.split('.');
  if (type === 'user.renamed') person.name = String(after['identity_name']);
  else if (thing === 'console' && verb?.endsWith('abled') === true) {
    person.consoleEnabled = verb === 'enabled';
    person.passwordChangedAt = undefined;
  } else if (type === 'password.changed') person.passwordChangedAt = String(after['password_changed_at']);
  else if (thing === 'mfa') person.mfa = verb === 'enabled';
  else if (thing === 'login_protection') person.loginProtection = verb === 'enabled';
  else if (thing === 'operation_protection') person.operationProtection = verb === 'enabled';
  else if (thing === 'access_key') hold(person.keys, before['created_at'], after['created_at'], verb, after['active']);
  else if (thing === 'certificate')
    hold(person.certificates, before['created_at'], after['created_at'], verb, after['active']);
  else if (thing === 'service_credential') hold(person.services, before['id'], credential?.id, verb, after['active']);
}

const HELD = ['created', 'deleted', 'rotated', 'activated', 'deactivated'];

function hold(all: Map<string, boolean>, old: unknown, now: unknown, verb = '', active: unknown): void {
  if (!HELD.includes(verb)) return;
  if (verb === 'deleted' || verb === 'rotated') all.delete(String(old));
  if (verb !== 'deleted') all.set(String(now), active === true);
}

/** Without what the first does not know. */
export function knownOf(people: People, known: People): unknown {
  return [...people]
    .map(([who, person]) => {
      const other = known.get(who);
      const told = Object.entries(person)
        .filter(([name]) => other === undefined || other[name as keyof Person] !== undefined)
        .map(([name, value]) => [name, value instanceof Map ? [...value].sort(([a], [b]) => (a < b ? -1 : 1)) : value]);
      return [who, Object.fromEntries(told)] as const;
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
