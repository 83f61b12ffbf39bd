import type { ClientConfig } from 'tencentcloud-sdk-nodejs/tencentcloud/common/interface.js';
import type { z } from 'zod';
import type { Account } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Instant } from '../../domain/instant.ts';
import { agentsOf } from '../../kit/agents.ts';
import { routeOf } from '../../kit/route.ts';
import { type SkewMeter, skewMeter } from '../../kit/skew.ts';
import {
  AccessKeysAnswer,
  AccountsAnswer,
  CallerAnswer,
  CollaboratorsAnswer,
  LastUsedAnswer,
  ReceiversAnswer,
  SafeAuthAnswer,
  SubAccountsAnswer,
  SummaryAnswer,
  UsersAnswer,
  WeComAnswer,
} from './answers.ts';
import { type Caller, callerOf } from './call.ts';
import { credentialsOf, type KeySet } from './credentials.ts';
import { dated } from './dated-agent.ts';
import type { Settings, Site } from './settings.ts';

const IDENTITY_KEPT_MS = 60 * 60_000;
const MOST_SOCKETS = 16;
const MaxItems = 100;
/** Of the lists with an offset. The documentation names no limit; 20 is their default. */
const PAGE_SIZE = 20;

interface Identity {
  readonly accountId: string;
  readonly principal: string;
}

/** What we ask of CAM. Each call throws a Fault, or the signal's reason; none decides anything. */
export interface CamApi {
  accounts(marker: string | undefined, signal: AbortSignal): Promise<AccountsAnswer>;
  /** Of all at once: this one has no pages. */
  users(signal: AbortSignal): Promise<UsersAnswer>;
  collaborators(offset: number, signal: AbortSignal): Promise<CollaboratorsAnswer>;
  weComUsers(offset: number, signal: AbortSignal): Promise<WeComAnswer>;
  receivers(offset: number, signal: AbortSignal): Promise<ReceiversAnswer>;
  /** Of 50 at most. */
  subAccounts(uins: readonly number[], signal: AbortSignal): Promise<SubAccountsAnswer>;
  accessKeys(uin: number, signal: AbortSignal): Promise<AccessKeysAnswer>;
  /** Of 10 at most. */
  lastUsed(secretIds: readonly string[], signal: AbortSignal): Promise<LastUsedAnswer>;
  safeAuth(uin: number, signal: AbortSignal): Promise<SafeAuthAnswer>;
  summary(signal: AbortSignal): Promise<SummaryAnswer>;
}

export interface TencentApi extends CamApi {
  identify(signal: AbortSignal): Promise<Identity>;
  skewMs(): number | undefined;
  close(): void;
}

/** One client of the SDK, as far as we use it: `request` takes a signal, its methods do not. */
interface Client {
  request(action: string, request: object, options: { signal: AbortSignal; skipSign?: boolean }): Promise<unknown>;
}

type Service = 'cam' | 'sts' | 'organization' | 'cloudaudit';

export interface WireSettings {
  readonly site: Site;
  readonly timeoutMs: number;
  readonly endpoint: Partial<Record<Service, string | undefined>> | undefined;
  readonly wire: Settings['wire'];
}

type ClientOf = (keys: KeySet | undefined, region?: string) => Client;

/** Loads two modules of the SDK: all 260 would take 50 MB. Asks nothing yet. */
export async function openApi(account: Account, settings: Settings, clock: Clock): Promise<TencentApi> {
  const [{ cam }, { sts }] = await Promise.all([
    import('tencentcloud-sdk-nodejs/tencentcloud/services/cam/index.js'),
    import('tencentcloud-sdk-nodejs/tencentcloud/services/sts/index.js'),
  ]);
  const { heard, skewMs } = skewMeter();
  const wire = wireOf(settings, heard);
  const camOf: ClientOf = (keys) => new cam.v20190116.Client(wire.config('cam', keys));
  const stsOf: ClientOf = (keys, region = settings.region) =>
    new sts.v20180813.Client({ ...wire.config('sts', keys), region });
  const credentials = credentialsOf(settings.auth, {
    accountId: account.id,
    settings,
    clock,
    sts: (action, request, keys, region, signal) =>
      stsOf(keys, region).request(action, request, { signal, ...(keys === undefined ? { skipSign: true } : {}) }),
  });
  const caller = callerOf({ accountId: account.id, timeoutMs: settings.timeoutMs, credentials });
  return { identify: identifier(stsOf, caller, clock), ...calls(camOf, caller), skewMs, close: wire.close };
}

/** Our own agents: of the environment the SDK knows `http_proxy` only, and would send even a call to loopback through that. */
export function wireOf(settings: WireSettings, heard: SkewMeter['heard'] = () => undefined) {
  const agents = agentsOf(routeOf(settings.wire, process.env), MOST_SOCKETS);
  for (const agent of [agents.http, agents.https]) dated(agent, heard);
  function config(service: Service, keys: KeySet | undefined): ClientConfig {
    const { protocol, host } = new URL(settings.endpoint?.[service] ?? realEndpoint(service, settings));
    const agent = protocol === 'http:' ? agents.http : agents.https;
    const { secretId = '', secretKey = '', token } = keys ?? {};
    return {
      credential: token === undefined ? { secretId, secretKey } : { secretId, secretKey, token },
      profile: {
        language: 'en-US',
        httpProfile: { protocol: `${protocol}//`, endpoint: host, agent, reqTimeout: settings.timeoutMs / 1_000 },
      },
    };
  }
  return { config, close: () => agents.destroy() };
}

function realEndpoint(service: Service, { site }: WireSettings): string {
  return site === 'mainland' ? `https://${service}.tencentcloudapi.com` : `https://${service}.intl.tencentcloudapi.com`;
}

/** Asked again when other credentials are in use, and every hour. */
function identifier(stsOf: ClientOf, caller: Caller, clock: Clock): TencentApi['identify'] {
  let known: { readonly identity: Identity; readonly secretId: string; readonly until: Instant } | undefined;
  return async (signal) => {
    const secretId = await caller.secretId();
    if (known?.secretId === secretId && clock.now() < known.until) return known.identity;
    const { AccountId: accountId, Arn: principal } = await caller.call({
      action: 'sts:GetCallerIdentity',
      answer: CallerAnswer,
      signal,
      send: (keys, sendSignal) => stsOf(keys).request('GetCallerIdentity', {}, { signal: sendSignal }),
    });
    const identity = { accountId, principal };
    caller.principal = principal;
    known = { identity, secretId, until: clock.now() + IDENTITY_KEPT_MS };
    return identity;
  };
}

function calls(camOf: ClientOf, caller: Caller): CamApi {
  const ask = <T>(action: string, request: object, answer: z.ZodType<T>, signal: AbortSignal) =>
    caller.call({
      action: `cam:${action}`,
      answer,
      signal,
      send: (keys, sendSignal) => camOf(keys).request(action, request, { signal: sendSignal }),
    });
  return {
    accounts: (Marker, signal) =>
      ask('ListAccounts', Marker === undefined ? { MaxItems } : { MaxItems, Marker }, AccountsAnswer, signal),
    users: (signal) => ask('ListUsers', {}, UsersAnswer, signal),
    collaborators: (Offset, signal) =>
      ask('ListCollaborators', { Offset, Limit: PAGE_SIZE }, CollaboratorsAnswer, signal),
    weComUsers: (Offset, signal) => ask('ListWeChatWorkSubAccounts', { Offset, Limit: PAGE_SIZE }, WeComAnswer, signal),
    receivers: (Offset, signal) => ask('ListReceiver', { Offset, Limit: PAGE_SIZE }, ReceiversAnswer, signal),
    subAccounts: (FilterSubAccountUin, signal) =>
      ask('DescribeSubAccounts', { FilterSubAccountUin }, SubAccountsAnswer, signal),
    accessKeys: (TargetUin, signal) => ask('ListAccessKeys', { TargetUin }, AccessKeysAnswer, signal),
    lastUsed: (SecretIdList, signal) => ask('GetSecurityLastUsed', { SecretIdList }, LastUsedAnswer, signal),
    safeAuth: (SubUin, signal) => ask('DescribeSafeAuthFlagColl', { SubUin }, SafeAuthAnswer, signal),
    summary: (signal) => ask('GetAccountSummary', {}, SummaryAnswer, signal),
  };
}
