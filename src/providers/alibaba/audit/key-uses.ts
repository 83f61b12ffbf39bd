import { z } from 'zod';
import { Fault } from '../../../domain/fault.ts';
import { askEach } from '../../shared/audit-shift.ts';
import type { KeyThing, KeyThings, TrailApi } from '../trail-api.ts';
import type { Work } from './desk.ts';
import { isRefused, orRefused, Refused } from './refusal.ts';

const SERVICES_AT_ONCE = 12;
const MOST_PAGES = 500;

const Use = { at: z.number().optional(), region: z.string().optional() };

const UsedProducts = z.union([z.array(z.object({ service: z.string(), ...Use })), Refused]);
/** Services of a key, each once and in an order of their own. */
export type UsedProducts = z.infer<typeof UsedProducts>;

const Things = z.array(z.object({ name: z.string(), type: z.string().optional(), ...Use }));
export type Things = z.infer<typeof Things>;

const Told = z.union([Things, Refused]);
type Told = z.infer<typeof Told>;

/** What a key was used for in one service. */
export interface ServiceUses {
  readonly events: Told;
  readonly addresses?: Told;
  readonly resources?: Told;
}

export interface KeyService {
  readonly keyId: string;
  readonly service: string;
}

export function takeProducts(keyId: string, name: string, api: TrailApi, work: Work): Promise<UsedProducts> {
  return work.pages.take(`${name}-products`, UsedProducts, () => askProducts(keyId, api, work));
}

async function askProducts(keyId: string, api: TrailApi, work: Work): Promise<UsedProducts> {
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
  work.expect(services.length * (depth === 'full' ? 3 : 1));
  const ask = (asked: KeyService, name: string) => askService(asked, name, depth, api, work);
  return askEach({ name: 'uses', items: services, atOnce: SERVICES_AT_ONCE, ask }, work);
}

async function askService(
  asked: KeyService,
  name: string,
  depth: 'events' | 'full',
  api: TrailApi,
  work: Work,
): Promise<ServiceUses> {
  const take = (what: string, page: AskPage) =>
    work.pages.take(`${name}-${what}`, Told, () => allOf(what, asked, page, work));
  const events = await take('Events', (one) => api.events(one, work.signal));
  if (depth === 'events') return { events };
  const addresses = await take('Ips', (one) => api.addresses(one, work.signal));
  const resources = await take('Resources', (one) => api.resources(one, work.signal));
  return { events, addresses, resources };
}

type AskPage = (asked: KeyService & { readonly token: string | undefined }) => Promise<KeyThings>;

/** All pages; the other parameters stay the same, as the token wants it. */
async function allOf(what: string, asked: KeyService, page: AskPage, work: Work): Promise<Told> {
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
