import type * as CoreSdk from '@alicloud/openapi-core';
import type { z } from 'zod';
import { formatInstant, type Instant } from '../../domain/instant.ts';
import { unwrapped } from '../../kit/unwrapped.ts';
import type { wireOf } from './api.ts';
import {
  KeyAddressesAnswer,
  KeyEventsAnswer,
  KeyInfoAnswer,
  KeyResourcesAnswer,
  LookedUpAnswer,
  ProductsAnswer,
} from './audit-answers.ts';
import type { Caller } from './call.ts';
import type { Credentials } from './credentials.ts';

export const TRAIL_VERSION = '2020-07-06';
const PageSize = '100';
const MaxResults = '50';

/** Any operation of any product: nobody publishes a package of these here. */
export interface GenericApi {
  ask<T>(operation: Operation, answer: z.ZodType<T>, signal: AbortSignal): Promise<T>;
}

export interface Operation {
  /** `actiontrail:LookupEvents`. */
  readonly action: string;
  readonly name: string;
  /** All parameters of such an operation stand in the query, and all are texts. */
  readonly query: Readonly<Record<string, string>>;
}

/** Which service of which key, and where its next page begins. */
interface KeyAsk {
  readonly keyId: string;
  readonly service: string;
  readonly token: string | undefined;
}

export interface LookUpAsk {
  /** Undefined: of everybody. */
  readonly user: string | undefined;
  readonly from: Instant;
  readonly to: Instant;
  readonly token: string | undefined;
}

/** One thing that a key was used for. */
export interface KeyThing {
  readonly name: string;
  readonly type?: string;
  readonly at: Instant | undefined;
  readonly region: string | undefined;
}

export interface KeyThings {
  readonly things: readonly KeyThing[];
  readonly next: string | undefined;
}

/** What we ask of ActionTrail. Each call throws a Fault, or the signal's reason; none decides anything. */
export interface TrailApi {
  info(keyId: string, signal: AbortSignal): Promise<KeyInfoAnswer>;
  products(keyId: string, signal: AbortSignal): Promise<ProductsAnswer>;
  events(asked: KeyAsk, signal: AbortSignal): Promise<KeyThings>;
  addresses(asked: KeyAsk, signal: AbortSignal): Promise<KeyThings>;
  resources(asked: KeyAsk, signal: AbortSignal): Promise<KeyThings>;
  /** Newest first. */
  lookUp(asked: LookUpAsk, signal: AbortSignal): Promise<LookedUpAnswer>;
}

export interface GenericParts {
  readonly core: typeof CoreSdk;
  readonly wire: ReturnType<typeof wireOf>;
  readonly credentials: Credentials;
  readonly caller: Caller;
}

export function openGeneric(
  { core, wire, credentials, caller }: GenericParts,
  url: string,
  version: string,
): GenericApi {
  const client = wire.client(unwrapped(core), url, credentials);
  return {
    ask: ({ action, name, query }, answer, signal) =>
      caller.call({ action, answer, signal, send: () => send(client, core, { version, name, query }) }),
  };
}

export function trailOf(api: GenericApi): TrailApi {
  const ask = <T>(name: string, query: Record<string, string>, answer: z.ZodType<T>, signal: AbortSignal) =>
    api.ask({ action: `actiontrail:${name}`, name, query }, answer, signal);
  return {
    info: (AccessKey, signal) => ask('GetAccessKeyLastUsedInfo', { AccessKey }, KeyInfoAnswer, signal),
    products: (AccessKey, signal) => ask('GetAccessKeyLastUsedProducts', { AccessKey }, ProductsAnswer, signal),
    async events(asked, signal) {
      const answer = await ask('GetAccessKeyLastUsedEvents', ofService(asked), KeyEventsAnswer, signal);
      const things = answer.Events.map((one) => ({ name: one.EventName, at: one.UsedTimestamp, region: one.Detail }));
      return { things, next: answer.NextToken };
    },
    async addresses(asked, signal) {
      const answer = await ask('GetAccessKeyLastUsedIps', ofService(asked), KeyAddressesAnswer, signal);
      const things = answer.Ips.map((one) => ({ name: one.Ip, at: one.UsedTimestamp, region: one.Detail }));
      return { things, next: answer.NextToken };
    },
    async resources(asked, signal) {
      const answer = await ask('GetAccessKeyLastUsedResources', ofService(asked), KeyResourcesAnswer, signal);
      const things = answer.Resources.map((one) => ({
        name: one.ResourceName,
        type: one.ResourceType ?? '',
        at: one.UsedTimestamp,
        region: one.Detail,
      }));
      return { things, next: answer.NextToken };
    },
    lookUp: (asked, signal) => ask('LookupEvents', lookUpQuery(asked), LookedUpAnswer, signal),
  };
}

function ofService({ keyId: AccessKey, service: ServiceName, token }: KeyAsk): Record<string, string> {
  return { AccessKey, ServiceName, PageSize, ...(token === undefined ? {} : { NextToken: token }) };
}

function lookUpQuery({ user, from, to, token }: LookUpAsk): Record<string, string> {
  return {
    // To the second, and no finer.
    StartTime: formatInstant(from).replace(/\.\d+Z$/, 'Z'),
    EndTime: formatInstant(to).replace(/\.\d+Z$/, 'Z'),
    MaxResults,
    Direction: 'BACKWARD',
    ...(user === undefined ? {} : { 'LookupAttribute.1.Key': 'User', 'LookupAttribute.1.Value': user }),
    ...(token === undefined ? {} : { NextToken: token }),
  };
}

interface Sent {
  readonly version: string;
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
}

function send(client: CoreSdk.default, core: typeof CoreSdk, { version, name, query }: Sent) {
  const { Params, OpenApiRequest } = core.$OpenApiUtil;
  const params = new Params({
    action: name,
    version,
    protocol: 'HTTPS',
    pathname: '/',
    method: 'POST',
    authType: 'AK',
    style: 'RPC',
    reqBodyType: 'formData',
    bodyType: 'json',
  });
  // The class of the third is in a package that is not ours to import, and all of its fields are optional.
  return client.callApi(params, new OpenApiRequest({ query }), {} as Parameters<CoreSdk.default['callApi']>[2]);
}
