import type * as IamSdk from '@aws-sdk/client-iam';
import type * as StsSdk from '@aws-sdk/client-sts';
import type { Account } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import { AccessKeysAnswer, UsersAnswer } from './answers.ts';
import { agentsFor, clientConfig } from './api.ts';
import {
  AccessAnswer,
  GrantsAnswer,
  GroupsAnswer,
  JobAnswer,
  KeyLastUsedAnswer,
  RolesAnswer,
} from './audit-answers.ts';
import { type Caller, callerOf } from './call.ts';
import { credentialsOf, unremembered } from './credentials.ts';
import { codeBehind } from './faults.ts';
import type { Settings } from './settings.ts';
import { openTrail, type TrailApi } from './trail-api.ts';

const MaxItems = 1_000;

export type Granularity = 'SERVICE_LEVEL' | 'ACTION_LEVEL';

/** What the audits ask of IAM, one request a call. `gone`: there is no such identity, key or job (any more). */
export interface AuditApi {
  users(marker: string | undefined, signal: AbortSignal): Promise<UsersAnswer>;
  roles(marker: string | undefined, signal: AbortSignal): Promise<RolesAnswer>;
  groups(marker: string | undefined, signal: AbortSignal): Promise<GroupsAnswer>;
  accessKeys(user: string, marker: string | undefined, signal: AbortSignal): Promise<AccessKeysAnswer | 'gone'>;
  keyLastUsed(id: string, signal: AbortSignal): Promise<KeyLastUsedAnswer | 'gone'>;
  generateAccess(arn: string, granularity: Granularity, signal: AbortSignal): Promise<JobAnswer | 'gone'>;
  access(jobId: string, marker: string | undefined, signal: AbortSignal): Promise<AccessAnswer | 'gone'>;
  grants(ask: GrantsAsk, signal: AbortSignal): Promise<GrantsAnswer | 'gone'>;
  /** Which credentials would sign now: a job can be read with those that began it only. */
  signer(signal: AbortSignal): Promise<string>;
}

interface GrantsAsk {
  readonly arn: string;
  readonly namespaces: readonly string[];
  readonly marker: string | undefined;
}

export interface AuditApis {
  readonly iam: AuditApi;
  readonly trail: TrailApi;
  close(): void;
}

/** Loads the SDK; asks nothing yet. One session of its own for all audits of an account, so that nothing else ends it. */
export async function openAudits(account: Account, settings: Settings, clock: Clock): Promise<AuditApis> {
  const [sdk, stsSdk] = await Promise.all([import('@aws-sdk/client-iam'), import('@aws-sdk/client-sts')]);
  const { id: accountId } = account;
  const { timeoutMs } = settings;
  const stsConfig = (): StsSdk.STSClientConfig => clientConfig(settings, settings.endpoint?.sts);
  const agents = () => agentsFor(settings);
  const credentials = credentialsOf(settings.auth, { accountId, settings, stsSdk, stsConfig, agents, clock });
  const iam = new sdk.IAMClient({
    ...clientConfig(settings, settings.endpoint?.iam),
    // A quota counts every request: what is asked again is asked at our own pace.
    maxAttempts: 1,
    credentials: unremembered(credentials),
  });
  const caller = callerOf({ accountId, timeoutMs, credentials });
  const trail = openTrail({ accountId, settings, credentials });
  return {
    iam: { ...listCalls(iam, sdk, caller), ...accessCalls(iam, sdk, caller) },
    trail,
    close() {
      iam.destroy();
      trail.close();
    },
  };
}

type Lists = Pick<AuditApi, 'users' | 'roles' | 'groups' | 'accessKeys' | 'keyLastUsed'>;

function listCalls(iam: IamSdk.IAMClient, sdk: typeof IamSdk, caller: Caller): Lists {
  return {
    users: (Marker, signal) =>
      caller.call({
        action: 'iam:ListUsers',
        answer: UsersAnswer,
        signal,
        send: (options) => iam.send(new sdk.ListUsersCommand({ MaxItems, Marker }), options),
      }),
    roles: (Marker, signal) =>
      caller.call({
        action: 'iam:ListRoles',
        answer: RolesAnswer,
        signal,
        send: (options) => iam.send(new sdk.ListRolesCommand({ MaxItems, Marker }), options),
      }),
    groups: (Marker, signal) =>
      caller.call({
        action: 'iam:ListGroups',
        answer: GroupsAnswer,
        signal,
        send: (options) => iam.send(new sdk.ListGroupsCommand({ MaxItems, Marker }), options),
      }),
    accessKeys: (UserName, Marker, signal) =>
      orGone(
        caller.call({
          action: 'iam:ListAccessKeys',
          answer: AccessKeysAnswer,
          signal,
          send: (options) => iam.send(new sdk.ListAccessKeysCommand({ UserName, MaxItems, Marker }), options),
        }),
      ),
    keyLastUsed: (AccessKeyId, signal) =>
      orGone(
        caller.call({
          action: 'iam:GetAccessKeyLastUsed',
          answer: KeyLastUsedAnswer,
          signal,
          send: (options) => iam.send(new sdk.GetAccessKeyLastUsedCommand({ AccessKeyId }), options),
        }),
      ),
  };
}

type Accesses = Pick<AuditApi, 'generateAccess' | 'access' | 'grants' | 'signer'>;

function accessCalls(iam: IamSdk.IAMClient, sdk: typeof IamSdk, caller: Caller): Accesses {
  return {
    generateAccess: (Arn, Granularity, signal) =>
      orGone(
        caller.call({
          action: 'iam:GenerateServiceLastAccessedDetails',
          answer: JobAnswer,
          signal,
          send: (options) => iam.send(new sdk.GenerateServiceLastAccessedDetailsCommand({ Arn, Granularity }), options),
        }),
      ),
    access: (JobId, Marker, signal) =>
      orGone(
        caller.call({
          action: 'iam:GetServiceLastAccessedDetails',
          answer: AccessAnswer,
          signal,
          send: (options) =>
            iam.send(new sdk.GetServiceLastAccessedDetailsCommand({ JobId, MaxItems, Marker }), options),
        }),
      ),
    grants: ({ arn: Arn, namespaces, marker: Marker }, signal) =>
      orGone(
        caller.call({
          action: 'iam:ListPoliciesGrantingServiceAccess',
          answer: GrantsAnswer,
          signal,
          send: (options) => {
            const ServiceNamespaces = [...namespaces];
            return iam.send(
              new sdk.ListPoliciesGrantingServiceAccessCommand({ Arn, ServiceNamespaces, Marker }),
              options,
            );
          },
        }),
      ),
    signer: (signal) => caller.accessKeyId({ action: 'sts:AssumeRole', signal }),
  };
}

async function orGone<T>(call: Promise<T>): Promise<T | 'gone'> {
  try {
    return await call;
  } catch (fault) {
    const code = codeBehind(fault);
    if (code === 'NoSuchEntity' || code === 'NoSuchEntityException') return 'gone';
    throw fault;
  }
}
