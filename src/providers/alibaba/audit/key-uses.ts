import { z } from 'zod';
import { Fault } from '../../../domain/fault.ts';
import type { KeyThing, KeyThings, TrailApi } from '../trail-api.ts';
import { askInBatches, type Batches } from './batches.ts';
import type { Work } from './desk.ts';
import { isRefused, orRefused, Refused } from './refusal.ts';

const SERVICES_OF_PAGE = 5;
const PAGES_AT_ONCE = 6;
const MOST_PAGES = 500;

const Use = { at: z.number().optional(), region: z.string().optional() };

export const UsedProducts = z.array(z.object({ service: z.string(), ...Use }));
export type UsedProducts = z.infer<typeof UsedProducts>;

const Things = z.array(z.object({ name: z.string(), type: z.string().optional(), ...Use }));
export type Things = z.infer<typeof Things>;

/** What a key was used for in one service. */
const ServiceUses = z.object({
  events: z.union([Things, Refused]),
  addresses: z.union([Things, Refused]).optional(),
  resources: z.union([Things, Refused]).optional(),
});
export type ServiceUses = z.infer<typeof ServiceUses>;

export interface KeyService {
  readonly keyId: string;
  readonly service: string;
}

/** Services of a key, each once and in an order of their own. */
export async function askProducts(keyId: string, api: TrailApi, work: Work): Promise<UsedProducts | Refused> {
  const answer = await orRefused('actiontrail:GetAccessKeyLastUsedProducts', work, () =>
    api.products(keyId, work.signal),
  );
  if (isRefused(answer)) return answer;
  const products = answer.Products.map(({ ServiceName, UsedTimestamp, Detail }) => ({
    service: ServiceName.trim(),
    ...useOf({ at: UsedTimestamp, region: Detail }),
  }));
  const newestLast = products.toSorted((one, other) => (one.at ?? 0) - (other.at ?? 0));
  return [...new Map(newestLast.map((product) => [product.service, product])).values()].toSorted((one, other) =>
    one.service < other.service ? -1 : 1,
  );
}

/** For each service of each key its events, and at full depth its addresses and resources. */
export function askServices(
  services: readonly KeyService[],
  depth: 'events' | 'full',
  api: TrailApi,
  work: Work,
): Promise<readonly ServiceUses[] | number> {
  const batches: Batches<KeyService, ServiceUses> = {
    name: 'uses',
    items: services,
    size: SERVICES_OF_PAGE,
    pagesAtOnce: PAGES_AT_ONCE,
    schema: z.array(ServiceUses),
    ask: (asked) => askService(asked, depth, api, work),
  };
  return askInBatches(batches, work);
}

async function askService(
  asked: KeyService,
  depth: 'events' | 'full',
  api: TrailApi,
  work: Work,
): Promise<ServiceUses> {
  const events = await allOf('Events', asked, (one) => api.events(one, work.signal), work);
  if (depth === 'events') return { events };
  const addresses = await allOf('Ips', asked, (one) => api.addresses(one, work.signal), work);
  const resources = await allOf('Resources', asked, (one) => api.resources(one, work.signal), work);
  return { events, addresses, resources };
}

type AskPage = (asked: KeyService & { readonly token: string | undefined }) => Promise<KeyThings>;

/** All pages; the other parameters stay the same, as the token wants it. */
async function allOf(what: string, asked: KeyService, page: AskPage, work: Work): Promise<Things | Refused> {
  const operation = `actiontrail:GetAccessKeyLastUsed${what}`;
  const things: KeyThing[] = [];
  const tokens = new Set<string>();
  let token: string | undefined;
  for (let number = 1; number <= MOST_PAGES; number += 1) {
    const from = token;
    const answer = await orRefused(operation, work, () => page({ ...asked, token: from }));
    if (isRefused(answer)) return answer;
    things.push(...answer.things);
    if (answer.next === undefined) return tidy(things);
    if (tokens.has(answer.next)) break;
    tokens.add(answer.next);
    token = answer.next;
  }
  throw new Fault('malformed', `account ${work.desk.accountId}: ${operation} repeats a page`);
}

/** Each once, with its last use, in an order of their own. */
function tidy(things: readonly KeyThing[]): Things {
  const newestLast = things.toSorted((one, other) => (one.at ?? 0) - (other.at ?? 0));
  const byName = new Map(newestLast.map((thing) => [JSON.stringify([thing.type ?? '', thing.name]), thing]));
  return [...byName]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { name, type, ...use }]) => ({ name, ...(type === undefined ? {} : { type }), ...useOf(use) }));
}

function useOf({ at, region }: { readonly at: number | undefined; readonly region: string | undefined }) {
  return { ...(at === undefined ? {} : { at }), ...(region === undefined ? {} : { region }) };
}
