import { z } from 'zod';
import { Fault } from '../../../domain/fault.ts';
import { readInstant } from '../../../kit/read-instant.ts';
import { laidAside } from '../../../kit/shift.ts';
import type { Look, Step } from '../../provider.ts';
import { askInBatches } from '../audit/batches.ts';
import { type Work, workOf } from '../audit/desk.ts';
import { type Listed, listUsers } from '../audit/identities.ts';
import { askProducts, askServices, type KeyService, type ServiceUses } from '../audit/key-uses.ts';
import { askKeys } from '../audit/keys.ts';
import { isAboutPermission, isRefused, orRefused } from '../audit/refusal.ts';
import type { AuditApi, AuditApis } from '../audit-api.ts';
import type { TrailApi } from '../trail-api.ts';
import type { KeyDesk } from './audited.ts';
import type { KeySettings } from './kind.ts';
import { KeyUsed, type OwnedKey, OwnedKeys } from './pages.ts';
import { reportOf } from './report.ts';

const USERS_OF_PAGE = 5;
const KEYS_OF_PAGE = 5;
const PAGES_AT_ONCE = 4;

/**
 * Users ─► their keys ─► when and in which services each was used ─► events, addresses and resources of each service ─► the table.
 * All answers are pages of the attempt: killed anywhere, it goes on where it was.
 */
export async function collectKeys({ ram, trail }: AuditApis, desk: KeyDesk, look: Look): Promise<Step> {
  const work = await workOf(desk, look);
  const users = await listUsers(ram, work);
  const owned = await askOwned(users, ram, work);
  if (typeof owned === 'number') return laidAside(look.clock, `keys of ${owned} users are still to be asked for`);
  const keys = users.flatMap((owner, index) => ownedBy(owner, owned[index] ?? 'gone'));
  const used = await askUsed(keys, desk.depth, trail, work);
  if (typeof used === 'number') return laidAside(look.clock, `uses of ${used} keys are still to be asked for`);
  const services = desk.depth === 'full' ? servicesOf(keys, used) : [];
  const uses = await askServices(services, 'full', trail, work);
  if (typeof uses === 'number') return laidAside(look.clock, `${uses} services of keys are still to be asked for`);
  const byKey = groupUses(services, uses);
  const audited = keys.map(({ owner, key }, index) => {
    const answered = used[index];
    if (answered === undefined) throw new RangeError('a key without an answer');
    return { owner, key, used: answered, services: byKey.get(key.id) ?? [] };
  });
  desk.under = undefined;
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

function askOwned(users: readonly Listed[], api: AuditApi, work: Work): Promise<readonly OwnedKeys[] | number> {
  const ask = async ({ name }: Listed): Promise<OwnedKeys> => {
    const keys = await askKeys(name, api, work);
    if (isRefused(keys)) return insist(keys.refused, 'ram:ListAccessKeys', work) ?? keys;
    if (keys === 'gone') return keys;
    const owned: OwnedKey[] = [];
    for (const key of keys) {
      const reported = await askReported(name, key.id, api, work);
      // A key that went away since it was listed is not there.
      if (reported !== 'gone') owned.push({ ...key, reported });
    }
    return owned;
  };
  const schema = z.array(OwnedKeys);
  return askInBatches(
    { name: 'keys', items: users, size: USERS_OF_PAGE, pagesAtOnce: PAGES_AT_ONCE, schema, ask },
    work,
  );
}

async function askReported(
  user: string,
  keyId: string,
  api: AuditApi,
  work: Work,
): Promise<OwnedKey['reported'] | 'gone'> {
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
  const ask = async ({ key }: Key): Promise<KeyUsed> => {
    const info = await askInfo(key.id, api, work);
    return depth === 'info' ? { info } : { info, products: await askProducts(key.id, api, work) };
  };
  const schema = z.array(KeyUsed);
  return askInBatches({ name: 'used', items: keys, size: KEYS_OF_PAGE, pagesAtOnce: PAGES_AT_ONCE, schema, ask }, work);
}

/** A key that was never used may be told of with zeros, with nothing, or not at all: none of it is documented. */
async function askInfo(keyId: string, api: TrailApi, work: Work): Promise<KeyUsed['info']> {
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
