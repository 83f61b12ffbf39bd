import type { Event } from '../../domain/event.ts';
import { escaped } from '../../kit/json-text.ts';
import { rawJsonOf } from '../raw-cells.ts';
import { credentialObservable, type Layout, SUCCESS, userObservables } from './layout.ts';
import { cloudNamed, type Data, madeUid, millis, userOf } from './parts.ts';
import { behind, filled, inner, joined, list, member } from './text.ts';

/** Lists that every record has: empty ones go without saying. */
export const LISTS = ['access_keys', 'certificates', 'derived'] as const;
const TOLD = new Set<string>([...LISTS, 'mfa_enabled', 'cells']);
const observablesOf = userObservables('user');
const LAST_USED = new Set(['last_used_at']);

/** 5003 User Inventory Info: one identity as a report shows it. */
export function inventoryLayout(event: Event): Layout {
  const { identity, data = {} } = event;
  const { mfa_enabled: mfa, cells } = data;
  const hasMfa = typeof mfa === 'boolean';
  const raw = rawJsonOf(cells);
  const { credentials, observables, keys } = credentialsOf(event, data);
  const others =
    (hasMfa ? '' : member('mfa_enabled', mfa)) +
    (raw === undefined ? member('cells', cells) : '') +
    keys +
    leftOf(data, 'certificates') +
    leftOf(data, 'derived');
  return {
    first: `,"user":${userOf(identity)}${hasMfa ? member('has_mfa', mfa) : ''}${credentials}}`,
    observables: joined(observablesOf(event), observables),
    next: SUCCESS,
    left: filled('data', behind(inner(data, TOLD), others)),
    last: raw === undefined ? '' : `,"raw_data":${raw}`,
    homes: { data: true },
  };
}

interface Credentials {
  readonly credentials: string;
  readonly observables: string;
  /** What is left of the access keys: a key's last use stands in the credential of the same place. */
  readonly keys: string;
}

function credentialsOf({ identity, account }: Event, data: Data): Credentials {
  const owner = escaped(identity?.id ?? '');
  const cloud = escaped(cloudNamed(account.provider));
  let credentials = '';
  let observables = '';
  let keys = '';
  let place = 0;
  for (const key of listOf(data['access_keys'])) {
    const lastUsed = millis(key['last_used_at']);
    credentials = joined(credentials, credentialItem(keyUid(owner, key), `${cloud} Access Key`, lastUsed));
    observables = joined(observables, observableOf(key, place++));
    keys = joined(keys, `{${inner(key, lastUsed === undefined ? undefined : LAST_USED)}}`);
  }
  for (const one of listOf(data['service_credentials'])) {
    const uid = uidText(owner, 'service_credential', one['id'], one['created_at']);
    const type = `${cloud} ${escaped(String(one['service']))}`;
    credentials = joined(credentials, credentialItem(uid, type, millis(one['last_used_at'])));
    observables = joined(observables, observableOf(one, place++));
  }
  return {
    credentials: credentials === '' ? '' : list('programmatic_credentials', credentials),
    observables,
    keys: keys === '' ? '' : list('access_keys', keys),
  };
}

/** Where neither id nor creation is known, the slot is all that tells two keys apart. */
function keyUid(owner: string, { id, created_at, slot }: Data): string {
  return uidText(owner, 'access_key', id, created_at ?? `slot ${String(slot)}`);
}

/** What credentialUid says, of an owner that is escaped already. */
function uidText(owner: string, kind: string, id: unknown, createdAt: unknown): string {
  if (typeof id === 'string') return escaped(id);
  return madeUid(owner, kind, typeof createdAt === 'string' ? escaped(createdAt) : undefined);
}

/** Of texts that are escaped. */
function credentialItem(uid: string, type: string, lastUsed: number | undefined): string {
  const used = lastUsed === undefined ? '' : `,"last_used_time":${lastUsed}`;
  return `{"uid":"${uid}","type":"${type}"${used}}`;
}

function observableOf({ id }: Data, place: number): string {
  return typeof id === 'string' ? credentialObservable(`user.programmatic_credentials[${place}].uid`, id) : '';
}

function leftOf(data: Data, name: string): string {
  return listOf(data[name]).length === 0 ? '' : member(name, data[name]);
}

function listOf(list: unknown): readonly Data[] {
  return Array.isArray(list) ? (list as readonly Data[]) : []; // lists in an event's data are of records
}
