import { parseInstant } from '../../domain/instant.ts';
import { formatSecond } from '../../kit/whole-second.ts';
import type { Action, Answer, Call } from './actions.ts';
import { AlibabaError } from './alibaba-error.ts';
import type { TrailEvent } from './audit-state.ts';

const DAY_MS = 86_400_000;
const BEGAN = Date.UTC(2022, 1, 1);

/** ActionTrail: what keys were used for, and events. */
export const TRAIL_ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['GetAccessKeyLastUsedInfo', info],
  ['GetAccessKeyLastUsedProducts', products],
  ['GetAccessKeyLastUsedEvents', (call) => things(call, 'Events', ({ event }) => ({ EventName: event }))],
  ['GetAccessKeyLastUsedIps', (call) => things(call, 'Ips', ({ address }) => ({ Ip: address }))],
  ['GetAccessKeyLastUsedResources', (call) => things(call, 'Resources', resourceOf)],
  ['LookupEvents', lookupEvents],
]);

function resourceOf({ resource }: TrailEvent): Answer | undefined {
  return resource && { ResourceType: resource.type, ResourceName: resource.name };
}

/** Key ids come with a line break behind them, as in the documentation's samples. */
function info(call: Call): Answer {
  const { account, query } = call;
  const keyId = required(query, 'AccessKey');
  const latest = eventsOf(call).at(-1);
  const owner = call.world.keyOwners.get(keyId);
  if (owner?.account !== account) throw invalid('AccessKey');
  const whose = { AccessKeyId: `${keyId}\n`, AccountId: account.id, UserName: owner.identity.name };
  if (latest !== undefined)
    return { ...whose, AccountType: 'ram-user', ...lastUse(latest), ServiceName: latest.service };
  switch (account.audit.unusedKeys) {
    case 'empty':
      return {};
    case 'zero':
      return { ...whose, UsedTimestamp: 0, ServiceName: '', Detail: '' };
    case 'error':
      throw new AlibabaError(404, 'AccessKeyNotFound', 'The AccessKey has no records.');
  }
}

function products(call: Call): Answer {
  required(call.query, 'AccessKey');
  const latest = latestBy(eventsOf(call), ({ service }) => service);
  return { Products: latest.map((event) => ({ ServiceName: event.service, ...lastUse(event) })) };
}

function things(call: Call, list: string, thing: (event: TrailEvent) => Answer | undefined): Answer {
  const { query, account } = call;
  const service = required(query, 'ServiceName');
  const PageSize = Number(query.get('PageSize') ?? 20);
  if (!Number.isInteger(PageSize) || PageSize < 0 || PageSize > 100) throw invalid('PageSize');
  const isTold = !account.audit.unsupported.has(service);
  const events = eventsOf(call).filter((event) => isTold && event.service === service && thing(event) !== undefined);
  const rows = latestBy(events, (event) => JSON.stringify(thing(event)));
  const [page, NextToken] = pageOf(rows, PageSize, query);
  return { [list]: page.map((event) => ({ ...thing(event), ...lastUse(event) })), ...NextToken };
}

/** Newest first; a range of 30 days at most, in the last 90. */
function lookupEvents(call: Call): Answer {
  const { query, world, account } = call;
  const from = parseInstant(query.get('StartTime') ?? '');
  const to = parseInstant(query.get('EndTime') ?? '');
  if (from === undefined || to === undefined || to < from || to - from > 30 * DAY_MS) throw invalid('StartTime');
  if (from < world.clock.now() - 90 * DAY_MS) throw invalid('StartTime');
  const size = Number(query.get('MaxResults') ?? 20);
  if (!Number.isInteger(size) || size < 0 || size > 50) throw invalid('MaxResults');
  const user = query.get('LookupAttribute.1.Key') === 'User' ? query.get('LookupAttribute.1.Value') : undefined;
  const known = world.clock.now() - account.audit.lagMs;
  const events = account.audit.events
    .filter(({ at }) => at >= from && at <= to && at <= known)
    .filter((event) => user === undefined || userName(event) === user)
    .toSorted((one, other) => other.at - one.at);
  const [page, NextToken] = pageOf(events, size, query);
  return { Events: page.map((event) => detail(event, account.id)), ...NextToken };
}

/** Of one key, oldest first, as far as ActionTrail's AccessKey audit goes back. */
function eventsOf({ world, account, query }: Call): readonly TrailEvent[] {
  if (account.audit.keyAudit === 'off')
    throw new AlibabaError(400, 'AccessKeyAuditNotEnabled', 'The AccessKey audit feature is not enabled.');
  const keyId = query.get('AccessKey');
  const now = world.clock.now();
  const since = Math.max(BEGAN, now - 400 * DAY_MS);
  const { events, lagMs } = account.audit;
  const own = events.filter((event) => event.keyId === keyId && event.at >= since && event.at <= now - lagMs);
  return own.toSorted((one, other) => one.at - other.at);
}

function latestBy(events: readonly TrailEvent[], name: (event: TrailEvent) => string): readonly TrailEvent[] {
  return [...new Map(events.map((event) => [name(event), event])).values()];
}

function lastUse(event: TrailEvent): Answer {
  return { UsedTimestamp: event.at, Source: 'ManagementEvent', Detail: JSON.stringify(detail(event, '')) };
}

function detail(event: TrailEvent, accountId: string): Answer {
  const { id, at, region, address, service, event: eventName, keyId, kind } = event;
  return {
    eventId: id,
    eventVersion: '1',
    eventType: 'ApiCall',
    eventTime: formatSecond(at),
    eventName,
    serviceName: service,
    acsRegion: region,
    sourceIpAddress: address,
    userIdentity: {
      accountId,
      type: kind === 'role' ? 'assumed-role' : 'ram-user',
      userName: userName(event),
      ...(keyId === undefined ? {} : { accessKeyId: keyId }),
    },
  };
}

function userName({ kind, name }: TrailEvent): string {
  return kind === 'role' ? `${name}:session` : name;
}

/** A token is good for the same question only. */
function pageOf<T>(rows: readonly T[], size: number, query: URLSearchParams): readonly [readonly T[], Answer] {
  const others = [...query]
    .filter(([name]) => name !== 'NextToken')
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  const asked = JSON.stringify(others);
  const token = query.get('NextToken');
  const [question, at] = token === null ? [asked, 0] : readToken(token);
  if (question !== asked) throw invalid('NextToken');
  const end = at + size;
  if (end >= rows.length) return [rows.slice(at), { NextToken: '' }];
  return [rows.slice(at, end), { NextToken: Buffer.from(JSON.stringify([asked, end])).toString('base64') }];
}

function readToken(token: string): readonly [string, number] {
  try {
    const [asked, at] = JSON.parse(Buffer.from(token, 'base64').toString('utf8')) as readonly unknown[];
    if (typeof asked === 'string' && typeof at === 'number') return [asked, at];
  } catch {
    // Not one of ours.
  }
  throw invalid('NextToken');
}

function required(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null || value === '') throw invalid(name);
  return value;
}

function invalid(name: string): AlibabaError {
  return new AlibabaError(400, 'InvalidQueryParameter', `The specified query parameter ${name} is not valid.`);
}
