import type * as RamSdk from '@alicloud/ram20150501';
import type { Account } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import { unwrapped } from '../../kit/unwrapped.ts';
import { type AccessKeysAnswer, type LastUsedAnswer, type UsersAnswer } from './answers.ts';
import { instead, keyCalls, NO_USER, wireOf } from './api.ts';
import { GroupsAnswer, PoliciesAnswer, PolicyAnswer, PolicyVersionAnswer, RolesAnswer } from './audit-answers.ts';
import { type Caller, callerOf } from './call.ts';
import { type Credentials, credentialsOf } from './credentials.ts';
import { endpointsOf } from './endpoints.ts';
import type { Settings } from './settings.ts';
import { type GenericApi, openGeneric, TRAIL_VERSION, type TrailApi, trailOf } from './trail-api.ts';

const maxItems = 1_000;

/** What the audits ask of RAM, one request a call. `gone`: there is no such identity, key or policy (any more). */
export interface AuditApi {
  users(marker: string | undefined, signal: AbortSignal): Promise<UsersAnswer>;
  accessKeys(userName: string, signal: AbortSignal): Promise<AccessKeysAnswer | 'gone'>;
  lastUsed(userName: string, accessKeyId: string, signal: AbortSignal): Promise<LastUsedAnswer | 'gone'>;
  roles(marker: string | undefined, signal: AbortSignal): Promise<RolesAnswer>;
  groupsOf(userName: string, signal: AbortSignal): Promise<GroupsAnswer | 'gone'>;
  policiesOf(kind: 'user' | 'group' | 'role', name: string, signal: AbortSignal): Promise<PoliciesAnswer | 'gone'>;
  /** The document of its default version. */
  policy(asked: PolicyAsk, signal: AbortSignal): Promise<{ readonly document: string } | 'gone'>;
  /** Who would sign now: what one identity has generated is read by the same one only. A renewed session of a role is the same. */
  signer(signal: AbortSignal): Promise<string>;
}

interface PolicyAsk {
  readonly type: string;
  readonly name: string;
  /** Undefined where the list did not tell it. */
  readonly version: string | undefined;
}

export interface AuditApis {
  readonly ram: AuditApi;
  readonly trail: TrailApi;
  /** Any operation, where the account's settings name an endpoint of it. */
  readonly generic: (url: string, version: string) => GenericApi;
  close(): void;
}

/** Loads the SDK; asks nothing yet. One session of its own for all audits of an account, so that nothing else ends it. */
export async function openAudits(account: Account, settings: Settings, clock: Clock): Promise<AuditApis> {
  const [ramSdk, stsSdk, core] = await Promise.all([
    import('@alicloud/ram20150501'),
    import('@alicloud/sts20150401'),
    import('@alicloud/openapi-core'),
  ]);
  const { id: accountId } = account;
  const { timeoutMs, hub, endpoint, region } = settings;
  const endpoints = endpointsOf(endpoint, region);
  const wire = wireOf(core, settings);
  const sts = (by: Credentials | undefined) => wire.client(unwrapped(stsSdk), endpoints.sts, by);
  const credentials = credentialsOf(settings.auth, { accountId, timeoutMs, clock, stsSdk, sts, hub });
  const caller = callerOf({ accountId, timeoutMs, credentials });
  const ram = wire.client(unwrapped(ramSdk), endpoints.ram, credentials);
  const generic = (url: string, version: string) => openGeneric({ core, wire, credentials, caller }, url, version);
  return {
    ram: { ...keyCalls(ram, ramSdk, caller), ...grantCalls(ram, ramSdk, caller) },
    trail: trailOf(generic(endpoints.actiontrail, TRAIL_VERSION)),
    generic,
    close: wire.close,
  };
}

type GrantCalls = Omit<AuditApi, 'users' | 'accessKeys' | 'lastUsed'>;

function grantCalls(ram: RamSdk.default, sdk: typeof RamSdk, caller: Caller): GrantCalls {
  const { call } = caller;
  return {
    roles: (marker, signal) =>
      call({
        action: 'ram:ListRoles',
        answer: RolesAnswer,
        signal,
        send: () => ram.listRoles(new sdk.ListRolesRequest({ marker, maxItems })),
      }),
    groupsOf: (userName, signal) => {
      const send = () => ram.listGroupsForUser(new sdk.ListGroupsForUserRequest({ userName }));
      return instead({ action: 'ram:ListGroupsForUser', answer: GroupsAnswer, signal, send }, call, NO_USER);
    },
    policiesOf: (kind, name, signal) => {
      const { action, send } = policyList(kind, name, ram, sdk);
      return instead({ action, answer: PoliciesAnswer, signal, send }, call, NO_USER);
    },
    policy: (asked, signal) => document(asked, signal, { ram, sdk, caller }),
    async signer(signal) {
      const accessKeyId = await caller.accessKeyId('ram:GenerateServiceLastAccessedDetails', signal);
      return accessKeyId.startsWith('STS.') ? 'session' : accessKeyId;
    },
  };
}

function policyList(kind: 'user' | 'group' | 'role', name: string, ram: RamSdk.default, sdk: typeof RamSdk) {
  switch (kind) {
    case 'user':
      return {
        action: 'ram:ListPoliciesForUser',
        send: () => ram.listPoliciesForUser(new sdk.ListPoliciesForUserRequest({ userName: name })),
      };
    case 'group':
      return {
        action: 'ram:ListPoliciesForGroup',
        send: () => ram.listPoliciesForGroup(new sdk.ListPoliciesForGroupRequest({ groupName: name })),
      };
    case 'role':
      return {
        action: 'ram:ListPoliciesForRole',
        send: () => ram.listPoliciesForRole(new sdk.ListPoliciesForRoleRequest({ roleName: name })),
      };
  }
}

interface Ram {
  readonly ram: RamSdk.default;
  readonly sdk: typeof RamSdk;
  readonly caller: Caller;
}

async function document({ type, name, version }: PolicyAsk, signal: AbortSignal, { ram, sdk, caller }: Ram) {
  const whose = { policyType: type, policyName: name };
  if (version !== undefined) {
    const send = () => ram.getPolicyVersion(new sdk.GetPolicyVersionRequest({ ...whose, versionId: version }));
    const asked = { action: 'ram:GetPolicyVersion', answer: PolicyVersionAnswer, signal, send };
    const answer = await instead(asked, caller.call, NO_USER);
    return answer === 'gone' ? answer : { document: answer.policyVersion.policyDocument };
  }
  const send = () => ram.getPolicy(new sdk.GetPolicyRequest(whose));
  const answer = await instead({ action: 'ram:GetPolicy', answer: PolicyAnswer, signal, send }, caller.call, NO_USER);
  if (answer === 'gone') return answer;
  return { document: answer.defaultPolicyVersion.policyDocument ?? answer.policy.policyDocument ?? '' };
}
