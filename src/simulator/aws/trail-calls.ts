import { formatSecond } from '../../kit/whole-second.ts';
import type { WireRequest } from '../wire.ts';
import type { TrailEvent } from './audit-state.ts';
import { AwsError } from './aws-error.ts';
import type { SimulatedAccount } from './model.ts';
import { isAllowed, type Principal } from './principals.ts';
import { regionSeen } from './services.ts';
import type { World } from './world.ts';

const TARGET = /^(?:com\.amazonaws\.cloudtrail\.v20131101\.)?CloudTrail_20131101\./;
const DAY_MS = 86_400_000;

type Json = Readonly<Record<string, unknown>>;

/** The action that a call of CloudTrail names in a header; undefined for other services. */
export function trailAction({ headers }: Pick<WireRequest, 'headers'>): string | undefined {
  const target = headers['x-amz-target'];
  return typeof target === 'string' && TARGET.test(target) ? target.replace(TARGET, '') : undefined;
}

export interface TrailCall {
  readonly world: World;
  readonly principal: Principal;
  readonly action: string;
  /** As the signature says it. */
  readonly region: string;
  readonly body: Buffer;
}

/** LookupEvents of one region: newest first, one attribute, 90 days, two requests a second. */
export function answerTrail(call: TrailCall): Json {
  const { world, principal, action, region, body } = call;
  const account = world.accounts.get(principal.accountId);
  if (account === undefined || account.audit.closedRegions.get(region) === 'disabled')
    throw new AwsError(400, 'UnrecognizedClientException', 'The security token included in the request is invalid.');
  if (action !== 'LookupEvents') throw new AwsError(400, 'UnknownOperationException');
  if (!isAllowed(principal, 'cloudtrail:LookupEvents') || account.audit.closedRegions.get(region) === 'denied')
    throw new AwsError(
      400,
      'AccessDeniedException',
      `User: ${principal.arn} is not authorized to perform: cloudtrail:LookupEvents`,
    );
  insistOnQuota(world, account, region);
  return lookUp(world, account, region, JSON.parse(body.toString('utf8')) as Json);
}

/** Refused requests count too. */
function insistOnQuota(world: World, account: SimulatedAccount, region: string): void {
  const now = world.clock.now();
  const within = (account.audit.lookUps.get(region) ?? []).filter((at) => at > now - 1_000);
  within.push(now);
  account.audit.lookUps.set(region, within);
  if (within.length > world.auditPace.lookUpsPerSecond) throw new AwsError(400, 'ThrottlingException', 'Rate exceeded');
}

function lookUp(world: World, account: SimulatedAccount, region: string, asked: Json): Json {
  const { LookupAttributes: attributes, StartTime, EndTime, MaxResults = 50, NextToken } = asked;
  if (!Array.isArray(attributes) || attributes.length > 1) throw refused('InvalidLookupAttributesException');
  const [attribute] = attributes as readonly Json[];
  const wanted = attribute?.['AttributeValue'];
  if (attribute?.['AttributeKey'] !== 'AccessKeyId') throw refused('InvalidLookupAttributesException');
  if (typeof MaxResults !== 'number' || MaxResults < 1 || MaxResults > 50) throw refused('InvalidMaxResultsException');
  const now = world.clock.now();
  const from = typeof StartTime === 'number' ? StartTime * 1_000 : 0;
  const to = typeof EndTime === 'number' ? EndTime * 1_000 : now;
  if (from > to) throw refused('InvalidTimeRangeException');
  const oldest = Math.max(from, now - 90 * DAY_MS);
  const newest = Math.min(to, now - world.auditPace.trailLagMs);
  const found = account.audit.events
    .filter(({ keyId, isData }) => keyId === wanted && !isData)
    .filter((event) => regionSeen(event.service, event.region) === region)
    .filter(({ at }) => at >= oldest && at <= newest)
    .toSorted((one, other) => other.at - one.at || (one.id < other.id ? -1 : 1));
  const digest = JSON.stringify([region, wanted, StartTime, EndTime]);
  const at = NextToken === undefined ? 0 : readToken(NextToken, digest);
  const shown = found.slice(at, at + MaxResults);
  return {
    Events: shown.map((event) => eventJson(account, region, event)),
    ...(at + MaxResults < found.length ? { NextToken: token(at + MaxResults, digest) } : {}),
  };
}

/** With what is personal or secret, so that a test can see that it is not kept. */
function eventJson(account: SimulatedAccount, region: string, event: TrailEvent): Json {
  const { id, at, service, name, keyId, errorCode } = event;
  const told = {
    eventVersion: '1.11',
    userIdentity: { arn: event.identity, accountId: account.id, accessKeyId: keyId },
    eventTime: formatSecond(at),
    eventSource: `${service}.amazonaws.com`,
    eventName: event.event,
    awsRegion: region,
    sourceIPAddress: event.address,
    userAgent: 'private-agent/1.0',
    ...(errorCode === undefined ? {} : { errorCode }),
    requestParameters: { password: 'private-password' },
    responseElements: { credentials: { sessionToken: 'private-token' } },
    requestID: id,
    eventType: 'AwsApiCall',
    eventID: id,
  };
  return {
    EventId: id,
    EventName: event.event,
    ReadOnly: String(/^(?:Get|List|Describe)/.test(event.event)),
    AccessKeyId: keyId,
    EventTime: Math.floor(at / 1_000),
    EventSource: `${service}.amazonaws.com`,
    Username: name,
    Resources: event.resources.map((one) => ({ ResourceType: one.type, ResourceName: one.name })),
    CloudTrailEvent: JSON.stringify(told),
  };
}

/** Good for the same question only. */
function token(at: number, digest: string): string {
  return Buffer.from(JSON.stringify([at, digest])).toString('base64');
}

function readToken(given: unknown, digest: string): number {
  try {
    const [at, asked] = JSON.parse(Buffer.from(String(given), 'base64').toString()) as [unknown, unknown];
    if (typeof at === 'number' && asked === digest) return at;
  } catch {
    // no token of ours
  }
  throw refused('InvalidNextTokenException');
}

function refused(code: string): AwsError {
  return new AwsError(400, code, 'The request is not valid.');
}

/** Errors of CloudTrail, which words some of them in its own way. */
export function writeTrailError({ code, said }: AwsError): string {
  return JSON.stringify({ __type: TRAIL_CODES[code] ?? code, ...(said === undefined ? {} : { message: said }) });
}

const TRAIL_CODES: Readonly<Record<string, string>> = {
  AccessDenied: 'AccessDeniedException',
  Throttling: 'ThrottlingException',
  ExpiredToken: 'ExpiredTokenException',
  InvalidClientTokenId: 'UnrecognizedClientException',
  InternalFailure: 'InternalFailure',
};
