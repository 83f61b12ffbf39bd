import { Fault } from '../../../domain/fault.ts';
import { readInstant } from '../../../kit/read-instant.ts';
import { laidAside } from '../../../kit/shift.ts';
import type { Look, Step } from '../../provider.ts';
import { askEach } from '../../shared/audit-shift.ts';
import { inShift, type Work } from '../audit/desk.ts';
import { type Listed, listUsers } from '../audit/identities.ts';
import { askServices, type KeyService, type ServiceUses, takeProducts } from '../audit/key-uses.ts';
import { askKeys, UserKeys } from '../audit/keys.ts';
import { isAboutPermission, isRefused, orRefused } from '../audit/refusal.ts';
import type { AuditApi, AuditApis } from '../audit-api.ts';
import type { TrailApi } from '../trail-api.ts';
import type { KeyDesk } from './audited.ts';
import type { KeySettings } from './kind.ts';
import { Info, type KeyUsed, type OwnedKey, type OwnedKeys, Reported } from './pages.ts';
import { reportOf } from './report.ts';

const AT_ONCE = 12;
/** When it was last used, by RAM and by ActionTrail, and in which services. */
const CALLS_OF_KEY: Readonly<Record<KeySettings['depth'], number>> = { info: 2, products: 3, full: 3 };

/**
 * Users ─► their keys ─► when and in which services each was used ─► events, addresses and resources of each service ─► the table.
 * All answers are pages of the attempt: killed anywhere, it goes on where it was.
 */
export function collectKeys(apis: AuditApis, desk: KeyDesk, look: Look): Promise<Step> {
  return inShift(desk, look, (work) => askAll(apis, desk, work));
}

async function askAll({ ram, trail }: AuditApis, desk: KeyDesk, work: Work): Promise<Step> {
  const { clock } = work;
  const users = await listUsers(ram, work);
  const owned = await askOwned(users, CALLS_OF_KEY[desk.depth], ram, work);
  if (typeof owned === 'number') return laidAside(clock, `keys of ${owned} users are still to be asked for`);
  const keys = users.flatMap((owner, index) => ownedBy(owner, owned[index] ?? 'gone'));
  const used = await askUsed(keys, desk.depth, trail, work);
  if (typeof used === 'number') return laidAside(clock, `uses of ${used} keys are still to be asked for`);
  const services = desk.depth === 'full' ? servicesOf(keys, used) : [];
  const uses = await askServices(services, 'full', trail, work);
  if (typeof uses === 'number') return laidAside(clock, `${uses} services of keys are still to be asked for`);
  const byKey = groupUses(services, uses);
  const audited = keys.map(({ owner, key }, index) => {
    const answered = used[index];
    if (answered === undefined) throw new RangeError('a key without an answer');
    return { owner, key, used: answered, services: byKey.get(key.id) ?? [] };
  });
  return { do: 'keep', report: await reportOf(audited, unlisted(users, owned), desk, work) };
}

interface Key {
  readonly owner: Listed;
  readonly key: OwnedKey;
}

function ownedBy(owner: Listed, keys: OwnedKeys): readonly Key[] {
  return Array.isArray(keys) ? keys.map((key) => ({ owner, key })) : [];
}

/** Users whose keys the cloud refused to list, and the code. */
function unlisted(users: readonly Listed[], owned: readonly OwnedKeys[]) {
  return users.flatMap((owner, index) => {
    const keys = owned[index];
    return isRefused(keys) ? [{ owner, code: keys.refused }] : [];
  });
}

/** A key leads to `callsOfKey` calls. */
function askOwned(
  users: readonly Listed[],
  callsOfKey: number,
  api: AuditApi,
  work: Work,
): Promise<readonly OwnedKeys[] | number> {
  work.expect(users.length);
  const ask = async (user: Listed, name: string): Promise<OwnedKeys> => {
    const keys = await work.pages.take(name, UserKeys, () => listKeys(user.name, api, work));
    if (isRefused(keys) || keys === 'gone') return keys;
    work.expect(keys.length * callsOfKey);
    const owned: OwnedKey[] = [];
    for (const key of keys) {
      const asked = `${name}-${key.id}`;
      const reported = await work.pages.take(asked, Reported, () => askReported(user.name, key.id, api, work));
      // A key that went away since it was listed is not there.
      if (reported !== 'gone') owned.push({ ...key, reported });
    }
    return owned;
  };
  return askEach({ name: 'keys', items: users, atOnce: AT_ONCE, ask }, work);
}

async function listKeys(user: string, api: AuditApi, work: Work): Promise<UserKeys> {
  const keys = await askKeys(user, api, work);
  return isRefused(keys) ? (insist(keys.refused, 'ram:ListAccessKeys', work) ?? keys) : keys;
}

async function askReported(user: string, keyId: string, api: AuditApi, work: Work): Promise<Reported> {
  const answer = await orRefused('ram:GetAccessKeyLastUsed', work, () => api.lastUsed(user, keyId, work.signal));
  if (answer === 'gone' || isRefused(answer)) return answer;
  const at = readInstant(answer.accessKeyLastUsed.lastUsedDate ?? '');
  return at === undefined ? {} : { at };
}

function askUsed(
  keys: readonly Key[],
  depth: KeySettings['depth'],
  api: TrailApi,
  work: Work,
): Promise<readonly KeyUsed[] | number> {
  const ask = async ({ key }: Key, name: string): Promise<KeyUsed> => {
    const info = await work.pages.take(`${name}-info`, Info, () => askInfo(key.id, api, work));
    return depth === 'info' ? { info } : { info, products: await takeProducts(key.id, name, api, work) };
  };
  return askEach({ name: 'used', items: keys, atOnce: AT_ONCE, ask }, work);
}

/** A key that was never used may be told of with zeros, with nothing, or not at all: none of it is documented. */
async function askInfo(keyId: string, api: TrailApi, work: Work): Promise<Info> {
  const operation = 'actiontrail:GetAccessKeyLastUsedInfo';
  const answer = await orRefused(operation, work, () => api.info(keyId, work.signal));
  if (isRefused(answer)) return insist(answer.refused, operation, work) ?? answer;
  const { UsedTimestamp: at, ServiceName: service, Detail: region } = answer;
  return {
    ...(at === undefined ? {} : { at }),
    ...(typeof service === 'string' && service.trim() !== '' ? { service: service.trim() } : {}),
    ...(region === undefined ? {} : { region }),
  };
}

/** Without this permission there is no report. Any other refusal is told of the key that it is about. */
function insist(code: string, operation: string, { desk }: Work): undefined {
  if (!isAboutPermission(code)) return undefined;
  throw new Fault('denied', `account ${desk.accountId}: ${operation} is denied (${code}); allow ${operation} on *`);
}

function servicesOf(keys: readonly Key[], used: readonly KeyUsed[]): readonly KeyService[] {
  return keys.flatMap(({ key }, index) => {
    const products = used[index]?.products;
    if (products === undefined || isRefused(products)) return [];
    return products.map(({ service }) => ({ keyId: key.id, service }));
  });
}

function groupUses(services: readonly KeyService[], uses: readonly ServiceUses[]) {
  const byKey = new Map<string, { service: string; uses: ServiceUses }[]>();
  for (const [index, { keyId, service }] of services.entries()) {
    const found = uses[index];
    if (found === undefined) continue;
    const known = byKey.get(keyId) ?? [];
    known.push({ service, uses: found });
    byKey.set(keyId, known);
  }
  return byKey;
}
