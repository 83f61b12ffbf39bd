import type { Event } from '../../domain/event.ts';
import { areCells, rawOf } from '../raw-cells.ts';
import { credentialObservable, type Layout, type Observable, SUCCESS, userObservables } from './layout.ts';
import { cloudNamed, credentialUid, type Data, millis, type Part, rest, userOf } from './parts.ts';

/** Lists that every record has: empty ones go without saying. */
export const LISTS = ['access_keys', 'certificates', 'derived'] as const;
const LAST_USED = new Set(['last_used_at']);

/** 5003 User Inventory Info: one identity as a report shows it. */
export function inventoryLayout(event: Event): Layout {
  const { data = {} } = event;
  const { mfa_enabled: mfa, cells } = data;
  const hasCells = areCells(cells);
  const homed = new Set<string>(LISTS);
  const user = userOf(event.identity);
  if (typeof mfa === 'boolean') {
    user['has_mfa'] = mfa;
    homed.add('mfa_enabled');
  }
  const credentials = programmaticCredentials(event);
  if (credentials.length > 0) user['programmatic_credentials'] = credentials.map(({ part }) => part);
  if (hasCells) homed.add('cells');
  return {
    first: { user },
    observables: [...userObservables('user', event), ...credentials.flatMap(observableOf)],
    next: SUCCESS,
    left: { data: leftOf(data, homed) },
    last: hasCells ? { raw_data: rawOf(cells) } : {},
    homes: { data: true },
  };
}

/** A key's last use stands in the credential of the same place. */
function leftOf(data: Data, homed: ReadonlySet<string>): Part {
  const left = rest(data, homed) ?? {};
  for (const name of LISTS) {
    const list = listOf(data[name]);
    if (list.length === 0) continue;
    left[name] = name === 'access_keys' ? list.map(withoutLastUse) : list;
  }
  return left;
}

function withoutLastUse(key: Data): Data | undefined {
  return millis(key['last_used_at']) === undefined ? key : (rest(key, LAST_USED) ?? {});
}

interface Credential {
  readonly part: Part;
  readonly id: unknown;
}

function programmaticCredentials({ data, identity, account }: Event): readonly Credential[] {
  const owner = identity?.id ?? '';
  const cloud = cloudNamed(account.provider);
  const keys = listOf(data?.['access_keys']).map((key) => ({
    part: credentialPart(credentialUid(owner, 'access_key', withSlot(key)), `${cloud} Access Key`, key),
    id: key['id'],
  }));
  const others = listOf(data?.['service_credentials']).map((one) => ({
    part: credentialPart(credentialUid(owner, 'service_credential', one), `${cloud} ${String(one['service'])}`, one),
    id: one['id'],
  }));
  return [...keys, ...others];
}

/** Where neither id nor creation is known, the slot is all that tells two keys apart. */
function withSlot(key: Data): Data {
  return { id: key['id'], created_at: key['created_at'] ?? `slot ${String(key['slot'])}` };
}

function credentialPart(uid: string, type: string, credential: Data): Part {
  const lastUsed = millis(credential['last_used_at']);
  return lastUsed === undefined ? { uid, type } : { uid, type, last_used_time: lastUsed };
}

function observableOf({ id }: Credential, index: number): readonly Observable[] {
  return credentialObservable(`user.programmatic_credentials[${index}].uid`, id);
}

function listOf(list: unknown): readonly Data[] {
  return Array.isArray(list) ? (list as readonly Data[]) : []; // lists in an event's data are of records
}
