import type * as IamSdk from '@aws-sdk/client-iam';
import type * as StsSdk from '@aws-sdk/client-sts';
import type { Account } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Instant } from '../../domain/instant.ts';
import { type Agents, agentsOf } from '../../kit/agents.ts';
import { routeOf } from '../../kit/route.ts';
import { skewMeter } from '../../kit/skew.ts';
import {
  AccessKeysAnswer,
  AliasesAnswer,
  GenerateAnswer,
  ReportAnswer,
  ServiceCredentialsAnswer,
  SummaryAnswer,
  UserDetailsAnswer,
  UsersAnswer,
  VirtualMfaAnswer,
} from './answers.ts';
import { type Caller, callerOf } from './call.ts';
import { credentialsOf, unremembered } from './credentials.ts';
import { dateReader } from './date-reader.ts';
import { handlerOptions } from './environment.ts';
import { codeBehind } from './faults.ts';
import { type Identity, identifier } from './identity.ts';
import type { Settings } from './settings.ts';

const MaxItems = 1_000;
/** Each may bring kilobytes of policies, which are read and thrown away. */
const DETAILS_A_PAGE = 200;

export type StoredReport =
  | {
      readonly is: 'report';
      readonly bytes: Uint8Array;
      readonly generatedAt: Instant;
      readonly requestId: string | undefined;
    }
  | { readonly is: 'not-present' | 'expired' | 'not-ready' };

/** What we ask of IAM. Each call throws a Fault, or the signal's reason; none decides anything. */
export interface IamApi {
  generate(signal: AbortSignal): Promise<GenerateAnswer>;
  report(signal: AbortSignal): Promise<StoredReport>;
  users(marker: string | undefined, signal: AbortSignal): Promise<UsersAnswer>;
  /** `gone` when there is no such user any more. */
  accessKeys(user: string, marker: string | undefined, signal: AbortSignal): Promise<AccessKeysAnswer | 'gone'>;
  serviceCredentials(marker: string | undefined, signal: AbortSignal): Promise<ServiceCredentialsAnswer>;
  /** Users with their tags. */
  userDetails(marker: string | undefined, signal: AbortSignal): Promise<UserDetailsAnswer>;
  /** Those that somebody uses. */
  virtualMfa(marker: string | undefined, signal: AbortSignal): Promise<VirtualMfaAnswer>;
  summary(signal: AbortSignal): Promise<SummaryAnswer>;
  aliases(signal: AbortSignal): Promise<AliasesAnswer>;
}

export interface AwsApi extends IamApi {
  identify(signal: AbortSignal): Promise<Identity>;
  skewMs(): number | undefined;
  close(): void;
}

/** Loads the SDK; asks nothing yet. */
export async function openApi(account: Account, settings: Settings, clock: Clock): Promise<AwsApi> {
  const [iamSdk, stsSdk] = await Promise.all([import('@aws-sdk/client-iam'), import('@aws-sdk/client-sts')]);
  const accountId = account.id;
  const { timeoutMs } = settings;
  const stsConfig = (): StsSdk.STSClientConfig => clientConfig(settings, settings.endpoint?.sts);
  const agents = () => agentsFor(settings);
  const credentials = credentialsOf(settings.auth, { accountId, settings, stsSdk, stsConfig, agents, clock });
  const sts = new stsSdk.STSClient({ ...stsConfig(), credentials: unremembered(credentials) });
  const { heard, skewMs } = skewMeter();
  sts.middlewareStack.add(dateReader(heard), { step: 'deserialize', name: 'musterReadsTheDate' });
  const iam = new iamSdk.IAMClient({
    ...clientConfig(settings, settings.endpoint?.iam),
    // One handler, so one pool of kept-alive sockets for both.
    requestHandler: sts.config.requestHandler,
    credentials: unremembered(credentials),
  });
  const caller = callerOf({ accountId, timeoutMs, credentials });
  return {
    identify: identifier({
      send: (options) => sts.send(new stsSdk.GetCallerIdentityCommand({}), options),
      caller,
      clock,
    }),
    skewMs,
    ...reportCalls(iam, iamSdk, caller),
    ...listCalls(iam, iamSdk, caller),
    ...besideCalls(iam, iamSdk, caller),
    close() {
      iam.destroy();
      sts.destroy();
    },
  };
}

type ClientSettings = Pick<Settings, 'region' | 'timeoutMs' | 'wire'>;

/** With connections of its own. Few attempts: backing off for longer belongs to the pipeline, where it holds no worker. */
export function clientConfig(settings: ClientSettings, endpoint: string | undefined) {
  return {
    region: settings.region,
    maxAttempts: 3,
    retryMode: 'standard',
    userAgentAppId: 'muster',
    requestHandler: handlerOptions(settings.timeoutMs, agentsFor(settings)),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

/** The SDK ignores the variables for a proxy: they are read for it. */
export function agentsFor({ wire }: Pick<Settings, 'wire'>): Agents {
  return agentsOf(routeOf(wire, process.env));
}

function reportCalls(
  iam: IamSdk.IAMClient,
  sdk: typeof IamSdk,
  caller: Caller,
): Pick<IamApi, 'generate' | 'report' | 'summary' | 'aliases'> {
  return {
    generate: (signal) =>
      caller.call({
        action: 'iam:GenerateCredentialReport',
        answer: GenerateAnswer,
        signal,
        send: (options) => iam.send(new sdk.GenerateCredentialReportCommand({}), options),
      }),
    async report(signal) {
      try {
        const answer = await caller.call({
          action: 'iam:GetCredentialReport',
          answer: ReportAnswer,
          signal,
          send: (options) => iam.send(new sdk.GetCredentialReportCommand({}), options),
        });
        const { Content: bytes, GeneratedTime, $metadata } = answer;
        return { is: 'report', bytes, generatedAt: GeneratedTime.getTime(), requestId: $metadata.requestId };
      } catch (fault) {
        const is = NO_REPORT.get(codeBehind(fault) ?? '');
        if (is === undefined) throw fault;
        return { is };
      }
    },
    summary: (signal) =>
      caller.call({
        action: 'iam:GetAccountSummary',
        answer: SummaryAnswer,
        signal,
        send: (options) => iam.send(new sdk.GetAccountSummaryCommand({}), options),
      }),
    aliases: (signal) =>
      caller.call({
        action: 'iam:ListAccountAliases',
        answer: AliasesAnswer,
        signal,
        send: (options) => iam.send(new sdk.ListAccountAliasesCommand({}), options),
      }),
  };
}

/** The code on the wire, and the SDK's name of it. */
const NO_REPORT: ReadonlyMap<string, 'not-present' | 'expired' | 'not-ready'> = new Map([
  ['ReportNotPresent', 'not-present'],
  ['CredentialReportNotPresentException', 'not-present'],
  ['ReportExpired', 'expired'],
  ['CredentialReportExpiredException', 'expired'],
  ['ReportInProgress', 'not-ready'],
  ['CredentialReportNotReadyException', 'not-ready'],
]);

function listCalls(iam: IamSdk.IAMClient, sdk: typeof IamSdk, caller: Caller): Pick<IamApi, 'users' | 'accessKeys'> {
  return {
    users: (Marker, signal) =>
      caller.call({
        action: 'iam:ListUsers',
        answer: UsersAnswer,
        signal,
        send: (options) => iam.send(new sdk.ListUsersCommand({ MaxItems, Marker }), options),
      }),
    async accessKeys(UserName, Marker, signal) {
      try {
        return await caller.call({
          action: 'iam:ListAccessKeys',
          answer: AccessKeysAnswer,
          signal,
          send: (options) => iam.send(new sdk.ListAccessKeysCommand({ UserName, MaxItems, Marker }), options),
        });
      } catch (fault) {
        const code = codeBehind(fault);
        if (code === 'NoSuchEntity' || code === 'NoSuchEntityException') return 'gone';
        throw fault;
      }
    },
  };
}

function besideCalls(
  iam: IamSdk.IAMClient,
  sdk: typeof IamSdk,
  caller: Caller,
): Pick<IamApi, 'serviceCredentials' | 'userDetails' | 'virtualMfa'> {
  return {
    serviceCredentials: (Marker, signal) =>
      caller.call({
        action: 'iam:ListServiceSpecificCredentials',
        answer: ServiceCredentialsAnswer,
        signal,
        send: (options) =>
          iam.send(new sdk.ListServiceSpecificCredentialsCommand({ AllUsers: true, MaxItems, Marker }), options),
      }),
    userDetails: (Marker, signal) =>
      caller.call({
        action: 'iam:GetAccountAuthorizationDetails',
        answer: UserDetailsAnswer,
        signal,
        send: (options) =>
          iam.send(
            new sdk.GetAccountAuthorizationDetailsCommand({ Filter: ['User'], MaxItems: DETAILS_A_PAGE, Marker }),
            options,
          ),
      }),
    virtualMfa: (Marker, signal) =>
      caller.call({
        action: 'iam:ListVirtualMFADevices',
        answer: VirtualMfaAnswer,
        signal,
        send: (options) =>
          iam.send(new sdk.ListVirtualMFADevicesCommand({ AssignmentStatus: 'Assigned', MaxItems, Marker }), options),
      }),
  };
}
