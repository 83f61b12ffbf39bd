import type * as ImsSdk from '@alicloud/ims20190815';
import type * as Core from '@alicloud/openapi-core';
import type * as RamSdk from '@alicloud/ram20150501';
import type * as StsSdk from '@alicloud/sts20150401';
import type { Account } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Instant } from '../../domain/instant.ts';
import { agentsOf } from '../../kit/agents.ts';
import { routeOf } from '../../kit/route.ts';
import { skewMeter } from '../../kit/skew.ts';
import { unwrapped } from '../../kit/unwrapped.ts';
import {
  AccessKeysAnswer,
  CallerAnswer,
  GenerateAnswer,
  LastUsedAnswer,
  LoginProfileAnswer,
  MfaAnswer,
  PageAnswer,
  PrincipalsAnswer,
  SummaryAnswer,
  UsersAnswer,
} from './answers.ts';
import { type Ask, type Caller, callerOf } from './call.ts';
import { type Credentials, credentialsOf } from './credentials.ts';
import { endpointsOf, hostOf } from './endpoints.ts';
import { codeBehind, isRefusal } from './faults.ts';
import type { Settings } from './settings.ts';
import { overAgents } from './transport.ts';

const IDENTITY_KEPT_MS = 60 * 60_000;
/** All the users there can be and the root: then the cloud has the fewest reasons to cut the report into pages. */
const REPORT_ROWS = '3501';
const LIST_ROWS = 1_000;

interface Identity {
  readonly accountId: string;
  readonly principal: string;
}

/** What we ask of IMS and RAM. Each call throws a Fault, or the signal's reason; none decides anything. */
export interface ReportApi {
  generate(signal: AbortSignal): Promise<GenerateAnswer>;
  /** `none` when there is no report (yet): the codes for that are not documented. */
  page(nextToken: string | undefined, signal: AbortSignal): Promise<PageAnswer | 'none'>;
  summary(signal: AbortSignal): Promise<SummaryAnswer>;
  users(marker: string | undefined, signal: AbortSignal): Promise<UsersAnswer>;
  /** As many in a page as the caller wants to lose in a crash. */
  principals(marker: string | undefined, maxItems: number, signal: AbortSignal): Promise<PrincipalsAnswer>;
  /** `gone` when there is no such user any more. */
  accessKeys(userName: string, signal: AbortSignal): Promise<AccessKeysAnswer | 'gone'>;
  lastUsed(userName: string, accessKeyId: string, signal: AbortSignal): Promise<LastUsedAnswer | 'gone'>;
  /** `none` when the user has no console login; `gone` when there is no such user any more. */
  loginProfile(principalName: string, signal: AbortSignal): Promise<LoginProfileAnswer | 'none' | 'gone'>;
  mfa(principalName: string, signal: AbortSignal): Promise<MfaAnswer | 'none' | 'gone'>;
}

export interface AlibabaApi extends ReportApi {
  identify(signal: AbortSignal): Promise<Identity>;
  skewMs(): number | undefined;
  /** The SDK's own connections belong to all its clients, and close by themselves. */
  close(): void;
}

/** Loads the SDK; asks nothing yet. */
export async function openApi(account: Account, settings: Settings, clock: Clock): Promise<AlibabaApi> {
  const [imsSdk, ramSdk, stsSdk, core] = await Promise.all([
    import('@alicloud/ims20190815'),
    import('@alicloud/ram20150501'),
    import('@alicloud/sts20150401'),
    import('@alicloud/openapi-core'),
  ]);
  const { timeoutMs } = settings;
  const endpoints = endpointsOf(settings.endpoint, settings.region);
  const wire = wireOf(core, settings);
  const sts = (credentials: Credentials | undefined) => wire.client(unwrapped(stsSdk), endpoints.sts, credentials);
  const { hub } = settings;
  const credentials = credentialsOf(settings.auth, { accountId: account.id, timeoutMs, clock, stsSdk, sts, hub });
  const { heard, skewMs } = skewMeter();
  const caller = callerOf({ accountId: account.id, timeoutMs, credentials, heard });
  const ims = wire.client(unwrapped(imsSdk), endpoints.ims, credentials);
  const ram = wire.client(unwrapped(ramSdk), endpoints.ram, credentials);
  return {
    identify: identifier(sts(credentials), caller, clock),
    skewMs,
    ...reportCalls(ims, imsSdk, caller),
    ...consoleCalls(ims, imsSdk, caller),
    ...keyCalls(ram, ramSdk, caller),
    close: wire.close,
  };
}

/** Clients of the SDK, each as this account reaches the cloud: by the SDK's own connections, or by ours where it could not. */
export function wireOf(core: typeof Core, { wire, timeoutMs }: Pick<Settings, 'wire' | 'timeoutMs'>) {
  const route = routeOf(wire, process.env);
  const agents = agentsOf(route);
  function client<T extends Core.default>(
    Client: new (config: Core.$OpenApiUtil.Config) => T,
    url: string,
    credentials: Credentials | undefined,
  ): T {
    const credential = credentials && signing(credentials);
    const at = hostOf(url);
    const made = new Client(
      new core.$OpenApiUtil.Config({
        ...at,
        userAgent: 'muster',
        // On a kept-alive connection the SDK enforces only the second: both get the same time.
        readTimeout: timeoutMs,
        connectTimeout: timeoutMs,
        ...(credential === undefined ? {} : { credential }),
      }),
    );
    return route.isPlain ? made : overAgents(made, { core, agents, ...at, timeoutMs, credential });
  }
  return { client, close: () => agents.destroy() };
}

/** What the SDK wants of its own credentials, without loading them: ours are remembered in one place only. */
function signing(credentials: Credentials) {
  return {
    async getCredential() {
      const { accessKeyId, accessKeySecret, securityToken } = await credentials.get();
      return { accessKeyId, accessKeySecret, securityToken, providerName: 'muster' };
    },
  };
}

/** Asked again when other credentials are in use, and every hour. */
function identifier(sts: StsSdk.default, caller: Caller, clock: Clock): AlibabaApi['identify'] {
  let known: { readonly identity: Identity; readonly accessKeyId: string; readonly until: Instant } | undefined;
  return async (signal) => {
    const action = 'sts:GetCallerIdentity';
    const accessKeyId = await caller.accessKeyId(action, signal);
    if (known?.accessKeyId === accessKeyId && clock.now() < known.until) return known.identity;
    const { accountId, arn: principal } = await caller.call({
      action,
      answer: CallerAnswer,
      signal,
      send: () => sts.getCallerIdentity(),
    });
    caller.principal = principal;
    known = { identity: { accountId, principal }, accessKeyId, until: clock.now() + IDENTITY_KEPT_MS };
    return known.identity;
  };
}

function reportCalls(
  ims: ImsSdk.default,
  sdk: typeof ImsSdk,
  { call }: Caller,
): Pick<ReportApi, 'generate' | 'page' | 'summary' | 'principals'> {
  return {
    generate: (signal) =>
      call({
        action: 'ram:GenerateCredentialReport',
        answer: GenerateAnswer,
        signal,
        send: () => ims.generateCredentialReport(),
      }),
    page: (nextToken, signal) => {
      const request = new sdk.GetCredentialReportRequest({ maxItems: REPORT_ROWS, nextToken });
      const send = () => ims.getCredentialReport(request);
      return instead({ action: 'ram:GetCredentialReport', answer: PageAnswer, signal, send }, call, NO_REPORT);
    },
    summary: (signal) =>
      call({
        action: 'ram:GetAccountSummary',
        answer: SummaryAnswer,
        signal,
        send: () => ims.getAccountSummary(),
      }),
    principals: (marker, maxItems, signal) =>
      call({
        action: 'ram:ListUsers',
        answer: PrincipalsAnswer,
        signal,
        send: () => ims.listUsers(new sdk.ListUsersRequest({ marker, maxItems })),
      }),
  };
}

function consoleCalls(
  ims: ImsSdk.default,
  sdk: typeof ImsSdk,
  { call }: Caller,
): Pick<ReportApi, 'loginProfile' | 'mfa'> {
  return {
    loginProfile: (userPrincipalName, signal) => {
      const send = () => ims.getLoginProfile(new sdk.GetLoginProfileRequest({ userPrincipalName }));
      const asked = { action: 'ram:GetLoginProfile', answer: LoginProfileAnswer, signal, send };
      return instead(asked, call, NO_PROFILE);
    },
    mfa: (userPrincipalName, signal) => {
      const send = () => ims.getUserMFAInfo(new sdk.GetUserMFAInfoRequest({ userPrincipalName }));
      return instead({ action: 'ram:GetUserMFAInfo', answer: MfaAnswer, signal, send }, call, NO_DEVICE);
    },
  };
}

export function keyCalls(
  ram: RamSdk.default,
  sdk: typeof RamSdk,
  { call }: Caller,
): Pick<ReportApi, 'users' | 'accessKeys' | 'lastUsed'> {
  return {
    users: (marker, signal) =>
      call({
        action: 'ram:ListUsers',
        answer: UsersAnswer,
        signal,
        send: () => ram.listUsers(new sdk.ListUsersRequest({ marker, maxItems: LIST_ROWS })),
      }),
    accessKeys: (userName, signal) => {
      const send = () => ram.listAccessKeys(new sdk.ListAccessKeysRequest({ userName }));
      return instead({ action: 'ram:ListAccessKeys', answer: AccessKeysAnswer, signal, send }, call, NO_USER);
    },
    lastUsed: (userName, userAccessKeyId, signal) => {
      const send = () => ram.getAccessKeyLastUsed(new sdk.GetAccessKeyLastUsedRequest({ userName, userAccessKeyId }));
      return instead({ action: 'ram:GetAccessKeyLastUsed', answer: LastUsedAnswer, signal, send }, call, NO_USER);
    },
  };
}

/** What some of Alibaba Cloud's codes mean here, in order. */
export type Meanings<M> = readonly (readonly [code: RegExp, meaning: M])[];

// A token of a report that has been replaced leads to none either.
const NO_REPORT: Meanings<'none'> = [[/^EntityNotExist|Report|NextToken/, 'none']];
const NO_PROFILE: Meanings<'none' | 'gone'> = [
  [/^EntityNotExist\.User\.LoginProfile$/, 'none'],
  [/^EntityNotExist\.User$/, 'gone'],
];
const NO_DEVICE: Meanings<'none' | 'gone'> = [
  [/^EntityNotExist\.User\.MFADevice$/, 'none'],
  [/^EntityNotExist\.User$/, 'gone'],
];
export const NO_USER: Meanings<'gone'> = [[/^EntityNotExist\./, 'gone']];

export async function instead<T, M>(asked: Ask<T>, call: Caller['call'], meanings: Meanings<M>): Promise<T | M> {
  try {
    return await call(asked);
  } catch (fault) {
    const code = codeBehind(fault) ?? '';
    const found = isRefusal(fault) ? meanings.find(([pattern]) => pattern.test(code)) : undefined;
    if (found === undefined) throw fault;
    return found[1];
  }
}
