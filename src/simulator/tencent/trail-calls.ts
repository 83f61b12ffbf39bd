import { randomUUID } from 'node:crypto';
import type { AuditEvent } from './audit-state.ts';
import type { TencentAccount } from './model.ts';
import { invalidAction, TencentError } from './tencent-error.ts';
import { naive, type TencentWorld } from './world.ts';

type Request = Readonly<Record<string, unknown>>;

const DAY_S = 86_400;
const MOST = 50;

interface TrailCall {
  readonly world: TencentWorld;
  readonly account: TencentAccount;
  readonly action: string;
  /** Of the header; empty when it is not there. */
  readonly region: string;
  readonly request: Request;
}

/** LookUpEvents: newest first, one attribute, 90 days back in windows of less than 30, 50 events a page. */
export function answerTrail({ world, account, action, region, request }: TrailCall): object {
  if (action !== 'LookUpEvents') throw invalidAction(action);
  if (region === '') throw new TencentError('MissingParameter', 'The request is missing the parameter Region.');
  const closed = account.audit.closedRegions.get(region);
  if (closed !== undefined) throw new TencentError(closed, 'The request cannot be carried out in this region.');
  const { StartTime, EndTime, MaxResults = 10, NextToken } = request;
  const now = Math.floor(world.clock.now() / 1_000);
  if (typeof StartTime !== 'number' || typeof EndTime !== 'number' || StartTime > EndTime) throw wrongTime();
  if (StartTime < now - 90 * DAY_S) throw wrongTime();
  if (EndTime - StartTime >= 30 * DAY_S) throw new TencentError('LimitExceeded.OverTime', 'The time is too long.');
  if (typeof MaxResults !== 'number' || MaxResults < 1 || MaxResults > MOST)
    throw new TencentError('InvalidParameterValue.MaxResult', 'MaxResults: 1 to 50');
  const isMeant = attributeOf(account, request);
  const found = account.audit.events
    .filter((event) => isMeant(event) && (account.audit.tellsAllRegions || event.region === region))
    .filter(
      ({ at }) => at >= StartTime * 1_000 && at <= EndTime * 1_000 && at <= world.clock.now() - account.audit.lagMs,
    )
    .toSorted((one, other) => other.at - one.at || (one.id < other.id ? -1 : 1));
  const question = JSON.stringify([region, StartTime, EndTime, MaxResults, request['LookupAttributes']]);
  const from = NextToken === undefined ? 0 : placeOf(account, NextToken, question);
  const end = from + MaxResults;
  const isOver = end >= found.length;
  const token = randomUUID();
  if (!isOver) account.audit.tokens.set(token, { question, at: end });
  return {
    Events: found.slice(from, end).map((event) => eventJson(account, event)),
    ListOver: isOver,
    NextToken: isOver ? '' : token,
    TotalCount: found.length,
  };
}

function attributeOf({ site }: TencentAccount, request: Request): (event: AuditEvent) => boolean {
  const [attribute, ...others] = (request['LookupAttributes'] ?? []) as readonly Request[];
  const wanted = attribute?.['AttributeValue'];
  const keys = ['AccessKeyId', site === 'mainland' ? 'PrincipalId' : 'Username'];
  const key = String(attribute?.['AttributeKey']);
  if (others.length > 0 || !keys.includes(key))
    throw new TencentError('InvalidParameterValue.attributeKey', `${key} is not supported.`);
  return key === 'AccessKeyId' ? ({ keyId }) => keyId === wanted : ({ principal }) => principal === wanted;
}

function placeOf({ audit }: TencentAccount, token: unknown, question: string): number {
  const known = typeof token === 'string' ? audit.tokens.get(token) : undefined;
  if (known?.question !== question) throw new TencentError('InvalidParameter', 'NextToken is invalid.');
  return known.at;
}

function wrongTime(): TencentError {
  return new TencentError('InvalidParameter.Time', 'StartTime or EndTime is not valid.');
}

/** With what is personal or secret, so that a test can see that it is not kept. */
function eventJson(account: TencentAccount, event: AuditEvent): object {
  const { id, at, principal, keyId, service, region, address, resource } = event;
  const told = {
    userIdentity: { principalId: principal, accountId: account.id, secretId: keyId, sessionContext: 'private-token' },
    eventTime: naive(at),
    eventName: event.event,
    userAgent: 'private-agent',
    requestParameters: '{"Password":"private-password"}',
  };
  return {
    EventId: id,
    Username: principal,
    EventTime: naive(at),
    CloudAuditEvent: JSON.stringify(told),
    ErrorCode: 0,
    EventName: event.event,
    SecretId: keyId,
    EventSource: `${service}.tencentcloudapi.com`,
    RequestID: id,
    ResourceRegion: region,
    AccountID: Number(account.id),
    SourceIPAddress: address,
    Resources: { ResourceType: service, ResourceName: resource },
    EventRegion: region,
    Location: '',
  };
}
