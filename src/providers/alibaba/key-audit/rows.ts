import type { KeyUse, KeyUseKind } from '../../../domain/access.ts';
import { formatInstant, type Instant } from '../../../domain/instant.ts';
import type { Field } from '../../../domain/record.ts';
import { NEVER, reason } from '../../../kit/row-reader.ts';
import { identityOf } from '../audit/identities.ts';
import type { ServiceUses, Things } from '../audit/key-uses.ts';
import { isRefused, type Refused } from '../audit/refusal.ts';
import { keysTrackedSince } from '../audit/tracked.ts';
import type { AuditedKey } from './audited.ts';

const LAST_ONLY = reason('unknown', 'ActionTrail tells the last use only');
const NO_REGION = reason('unknown', 'ActionTrail names no region');
const NO_TIME = reason('unknown', 'ActionTrail names no time');
const UNTOLD = reason('unknown', 'not all of it is told');

/** Pure: the key as a whole first, then its services, each with what it was used for there. */
export function rowsOf(audited: AuditedKey, startedAt: Instant): readonly KeyUse[] {
  const byService = new Map(audited.services.map(({ service, uses }) => [service, uses]));
  const products = productsOf(audited);
  return [
    keyRow(audited, startedAt),
    ...products.flatMap(({ service, at, region }) => {
      const uses = byService.get(service);
      const row = useRow(audited, { what: 'service', service, name: '', type: '', at, region });
      return [{ ...row, why: uses === undefined ? [] : lackOf(uses) }, ...thingRows(audited, service, uses)];
    }),
    ...gapsOf(audited).map((what) => gapRow(audited, what)),
  ];
}

const OF_SERVICES = [
  ['event', 'events'],
  ['address', 'addresses'],
  ['resource', 'resources'],
] as const;

/** Which lists of a key are not all of it: refused, or not asked for. Those of a key that nobody calls used are empty. */
function gapsOf(audited: AuditedKey): readonly KeyUseKind[] {
  const { key, used, services } = audited;
  const { info, products } = used;
  const isUnused =
    !isRefused(key.reported) && key.reported.at === undefined && (isRefused(info) || info.at === undefined);
  if (isUnused) return [];
  if (products === undefined || isRefused(products)) return ['service', ...OF_SERVICES.map(([what]) => what)];
  const asked = new Set(services.map(({ service }) => service));
  const isUnasked = productsOf(audited).some(({ service }) => !asked.has(service));
  return OF_SERVICES.filter(([, list]) => isUnasked || services.some(({ uses }) => isRefused(uses[list]))).map(
    ([what]) => what,
  );
}

/** It names nothing: what its list does not name is not told. */
function gapRow(audited: AuditedKey, what: KeyUseKind): KeyUse {
  const row = useRow(audited, { what, service: '', name: '', type: '' });
  const untold = { firstUsedAt: UNTOLD, lastUsedAt: UNTOLD, region: UNTOLD, count: UNTOLD };
  return { ...row, ...untold, why: ['the list is not all of it'] };
}

/** ActionTrail names the service of the last use even where it lists no services. */
function productsOf({ used }: AuditedKey) {
  const { info, products } = used;
  const listed = products === undefined || isRefused(products) ? [] : products;
  if (isRefused(info) || info.service === undefined || products === undefined) return listed;
  if (listed.some(({ service }) => service === info.service)) return listed;
  const { service, at, region } = info;
  const told = { service, ...(at === undefined ? {} : { at }), ...(region === undefined ? {} : { region }) };
  return [...listed, told].toSorted((one, other) => (one.service < other.service ? -1 : 1));
}

function keyRow(audited: AuditedKey, startedAt: Instant): KeyUse {
  const { info, products } = audited.used;
  const row = useRow(audited, { what: 'key', service: '', name: '', type: '', ...(isRefused(info) ? {} : info) });
  const why = isRefused(products) ? [`its services are not told (${products.refused})`] : [];
  if (isRefused(info)) {
    const told = isRefused(audited.key.reported) ? reason('unknown', 'neither RAM nor ActionTrail tells') : undefined;
    const untold = `ActionTrail refused to tell of this key (${info.refused}); is its AccessKey audit enabled?`;
    return { ...row, lastUsedAt: told ?? row.reportedLastUsedAt, region: NO_REGION, why: [untold, ...why] };
  }
  if (info.at !== undefined) return { ...row, why };
  const since = formatInstant(keysTrackedSince(audited.key.created, startedAt));
  const never = reason('never', `ActionTrail has seen no use since ${since}`);
  return { ...row, firstUsedAt: never, lastUsedAt: never, region: never, count: { value: 0 }, why };
}

interface Use {
  readonly what: KeyUseKind;
  readonly service?: string | undefined;
  readonly name: string;
  readonly type: string;
  readonly at?: number | undefined;
  readonly region?: string | undefined;
}

function useRow({ owner, key }: AuditedKey, { what, service = '', name, type, at, region }: Use): KeyUse {
  const createdAt = key.created === undefined ? NO_TIME : { value: key.created };
  return {
    owner: identityOf(owner),
    key: { id: key.id, createdAt, active: { value: key.status === 'Active' } },
    what,
    service,
    name,
    type,
    firstUsedAt: LAST_ONLY,
    lastUsedAt: at === undefined ? NO_TIME : { value: at },
    region: region === undefined ? NO_REGION : { value: region },
    count: LAST_ONLY,
    reportedLastUsedAt: reportedOf(key.reported),
    why: [],
  };
}

function reportedOf(reported: AuditedKey['key']['reported']): Field<Instant> {
  if (isRefused(reported)) return reason('unknown', `RAM does not tell (${reported.refused})`);
  return reported.at === undefined ? NEVER : { value: reported.at };
}

function thingRows(audited: AuditedKey, service: string, uses: ServiceUses | undefined): readonly KeyUse[] {
  const { events, addresses, resources } = uses ?? {};
  const rows = (what: KeyUseKind, things: Things | Refused | undefined) =>
    things === undefined || isRefused(things)
      ? []
      : things.map(({ name, type = '', at, region }) => useRow(audited, { what, service, name, type, at, region }));
  return [...rows('event', events), ...rows('address', addresses), ...rows('resource', resources)];
}

/** Lists may be shorter than the list of services: that is no fault. */
function lackOf({ events, addresses, resources }: ServiceUses): readonly string[] {
  const refused = [events, addresses, resources].find(isRefused);
  if (refused !== undefined) return [`ActionTrail refused to tell what it was used for (${refused.refused})`];
  const isEmpty = [events, addresses, resources].every((things) => Array.isArray(things) && things.length === 0);
  return isEmpty ? ['ActionTrail shows no event, address or resource of it: it does not support this service'] : [];
}
