import { askEach } from '../../shared/audit-shift.ts';
import type { Work } from '../audit/desk.ts';
import { askServices, type KeyService, type Things, takeProducts, type UsedProducts } from '../audit/key-uses.ts';
import { isRefused } from '../audit/refusal.ts';
import type { TrailApi } from '../trail-api.ts';
import { foldUse, type Uses } from './uses.ts';

const AT_ONCE = 12;

/** What ActionTrail's AccessKey audit tells of one key. */
export interface KeyUses {
  readonly keyId: string;
  readonly uses: Uses;
  /** The code by which it refused; then nothing is known. */
  readonly refused: string | undefined;
  /** Of services: the code by which it refused to name events. */
  readonly untold: readonly string[];
}

/** By key, in the order of the ids; or what is still to be asked for when the shift is over. */
export async function askKeyUses(
  keyIds: readonly string[],
  hasActions: boolean,
  api: TrailApi,
  work: Work,
): Promise<readonly KeyUses[] | string> {
  work.expect(keyIds.length);
  const ask = (keyId: string, name: string) => takeProducts(keyId, name, api, work);
  const used = await askEach({ name: 'used', items: keyIds, atOnce: AT_ONCE, ask }, work);
  if (typeof used === 'number') return `services of ${used} keys`;
  const services = hasActions ? servicesOf(keyIds, used) : [];
  const found = await askServices(services, 'events', api, work);
  if (typeof found === 'number') return `events of ${found} services of keys`;
  const byKey = new Map<string, Uses>(keyIds.map((keyId) => [keyId, {}]));
  const untold = new Map<string, string[]>();
  for (const [index, asked] of services.entries()) {
    const events = found[index]?.events ?? [];
    if (isRefused(events)) untold.set(asked.keyId, [...(untold.get(asked.keyId) ?? []), events.refused]);
    else foldEvents(byKey.get(asked.keyId) ?? {}, asked, events);
  }
  return keyIds.map((keyId, index) => ({
    ...keyUses(keyId, used[index] ?? [], byKey.get(keyId) ?? {}),
    untold: untold.get(keyId) ?? [],
  }));
}

function servicesOf(keyIds: readonly string[], used: readonly UsedProducts[]): readonly KeyService[] {
  return keyIds.flatMap((keyId, index) => {
    const products = used[index] ?? [];
    return isRefused(products) ? [] : products.map(({ service }) => ({ keyId, service }));
  });
}

function foldEvents(uses: Uses, { service }: KeyService, events: Things): void {
  for (const { name: action, at, region } of events)
    if (at !== undefined) foldUse(uses, { service, action, at, region });
}

function keyUses(keyId: string, products: UsedProducts, uses: Uses): Omit<KeyUses, 'untold'> {
  if (isRefused(products)) return { keyId, uses, refused: products.refused };
  for (const { service, at, region } of products) if (at !== undefined) foldUse(uses, { service, at, region });
  return { keyId, uses, refused: undefined };
}
