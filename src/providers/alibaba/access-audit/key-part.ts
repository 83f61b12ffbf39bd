import { z } from 'zod';
import { askInBatches } from '../audit/batches.ts';
import type { Work } from '../audit/desk.ts';
import { askProducts, askServices, type KeyService, type Things, UsedProducts } from '../audit/key-uses.ts';
import { isRefused, Refused } from '../audit/refusal.ts';
import type { TrailApi } from '../trail-api.ts';
import { foldUse, type Uses } from './uses.ts';

const KEYS_OF_PAGE = 5;
const PAGES_AT_ONCE = 4;

const Products = z.union([UsedProducts, Refused]);
type Products = z.infer<typeof Products>;

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
  const ask = (keyId: string) => askProducts(keyId, api, work);
  const schema = z.array(Products);
  const batches = { name: 'used', items: keyIds, size: KEYS_OF_PAGE, pagesAtOnce: PAGES_AT_ONCE, schema, ask };
  const used = await askInBatches<string, Products>(batches, work);
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

function servicesOf(keyIds: readonly string[], used: readonly Products[]): readonly KeyService[] {
  return keyIds.flatMap((keyId, index) => {
    const products = used[index] ?? [];
    return isRefused(products) ? [] : products.map(({ service }) => ({ keyId, service }));
  });
}

function foldEvents(uses: Uses, { service }: KeyService, events: Things): void {
  for (const { name: action, at, region } of events)
    if (at !== undefined) foldUse(uses, { service, action, at, region });
}

function keyUses(keyId: string, products: Products, uses: Uses): Omit<KeyUses, 'untold'> {
  if (isRefused(products)) return { keyId, uses, refused: products.refused };
  for (const { service, at, region } of products) if (at !== undefined) foldUse(uses, { service, at, region });
  return { keyId, uses, refused: undefined };
}
