import type { Event } from '../../domain/event.ts';
import { escaped } from '../../kit/json-text.ts';
import { rawJsonOf } from '../raw-cells.ts';
import { credentialObservable, type Layout, SUCCESS, userObservables } from './layout.ts';
import { cloudNamed, credentialUid, type Data, madeUid, millis, userOf } from './parts.ts';
import { item, list, member, members, part } from './text.ts';

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
  const left =
    members(data, TOLD) +
    (hasMfa ? '' : member('mfa_enabled', mfa)) +
    (raw === undefined ? member('cells', cells) : '') +
    keys +
    leftOf(data, 'certificates') +
    leftOf(data, 'derived');
  return {
    first: `,"user":${userOf(identity)}${hasMfa ? member('has_mfa', mfa) : ''}${credentials}}`,
    observables: observablesOf(event) + observables,
    next: SUCCESS,
    left: part('data', left),
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
  const owner = identity?.id ?? '';
  const cloud = cloudNamed(account.provider);
  let credentials = '';
  let observables = '';
  let keys = '';
  let place = 0;
  for (const key of listOf(data['access_keys'])) {
    const lastUsed = millis(key['last_used_at']);
    credentials += credentialItem(keyUid(owner, key), `${cloud} Access Key`, lastUsed);
    observables += observableOf(key, place++);
    keys += item(members(key, lastUsed === undefined ? undefined : LAST_USED));
  }
  for (const one of listOf(data['service_credentials'])) {
    const uid = credentialUid(owner, 'service_credential', one);
    credentials += credentialItem(uid, `${cloud} ${String(one['service'])}`, millis(one['last_used_at']));
    observables += observableOf(one, place++);
  }
  return {
    credentials: credentials === '' ? '' : list('programmatic_credentials', credentials),
    observables,
    keys: keys === '' ? '' : list('access_keys', keys),
  };
}

/** Where neither id nor creation is known, the slot is all that tells two keys apart. */
function keyUid(owner: string, { id, created_at, slot }: Data): string {
  return typeof id === 'string' ? id : madeUid(owner, 'access_key', created_at ?? `slot ${String(slot)}`);
}

function credentialItem(uid: string, type: string, lastUsed: number | undefined): string {
  const used = lastUsed === undefined ? '' : `,"last_used_time":${lastUsed}`;
  return `,{"uid":"${escaped(uid)}","type":"${escaped(type)}"${used}}`;
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
