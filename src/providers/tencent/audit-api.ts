import type { z } from 'zod';
import type { Account } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import { Fault } from '../../domain/fault.ts';
import type { Instant } from '../../domain/instant.ts';
import { wireOf } from './api.ts';
import {
  AttachedAnswer,
  EventsAnswer,
  GrantingAnswer,
  GroupsAnswer,
  PolicyAnswer,
  RolesAnswer,
} from './audit-answers.ts';
import { callerOf } from './call.ts';
import { credentialsOf, type KeySet } from './credentials.ts';
import { auditSessionPolicy } from './permissions.ts';
import type { Settings } from './settings.ts';

/** As many as Tencent gives in one answer. */
const MaxResults = 50;
const Rp = 200;

export type Attribute = 'AccessKeyId' | 'PrincipalId' | 'Username';

/** What is looked up: what one key or identity did, told by one region. */
interface LookUp {
  readonly region: string;
  readonly attribute: Attribute;
  readonly value: string;
  /** Whole seconds are asked for. */
  readonly from: Instant;
  readonly to: Instant;
  readonly token: string | undefined;
}

/** Whose policies are asked for. The id of a role is too long for a number. */
export type Subject = { readonly uin: number } | { readonly roleId: string } | { readonly groupId: number };

/** What the audits ask beside lists of people and keys. One request a call. */
export interface AuditApi {
  events(asked: LookUp, signal: AbortSignal): Promise<EventsAnswer>;
  /** With `service`, its actions too. */
  granting(subject: Subject, service: string | undefined, signal: AbortSignal): Promise<GrantingAnswer>;
  roles(page: number, signal: AbortSignal): Promise<RolesAnswer>;
  groups(page: number, signal: AbortSignal): Promise<GroupsAnswer>;
  attached(subject: Subject, page: number, signal: AbortSignal): Promise<AttachedAnswer>;
  policy(id: number, signal: AbortSignal): Promise<PolicyAnswer>;
  close(): void;
}

/** Loads three modules of the SDK; asks nothing yet. The session is the audits' own, and may do what they need only. */
export async function openAudits(account: Account, settings: Settings, clock: Clock): Promise<AuditApi> {
  const [{ cam }, { sts }, { cloudaudit }] = await Promise.all([
    import('tencentcloud-sdk-nodejs/tencentcloud/services/cam/index.js'),
    import('tencentcloud-sdk-nodejs/tencentcloud/services/sts/index.js'),
    import('tencentcloud-sdk-nodejs/tencentcloud/services/cloudaudit/index.js'),
  ]);
  const wire = wireOf(settings);
  const credentials = credentialsOf(settings.auth, {
    accountId: account.id,
    settings,
    clock,
    policy: auditSessionPolicy(),
    sts: (action, request, keys, region, signal) =>
      new sts.v20180813.Client({ ...wire.config('sts', keys), region }).request(action, request, {
        signal,
        ...(keys === undefined ? { skipSign: true } : {}),
      }),
  });
  const caller = callerOf({ accountId: account.id, timeoutMs: settings.timeoutMs, credentials });
  const askCam: AskCam = (action, request, answer, signal) => {
    const send = (keys: KeySet, sendSignal: AbortSignal) =>
      new cam.v20190116.Client(wire.config('cam', keys)).request(action, request, { signal: sendSignal });
    return caller.call({ action: `cam:${action}`, answer, signal, send });
  };
  const events: AuditApi['events'] = async ({ region, ...asked }, signal) => {
    if (settings.endpoint !== undefined && settings.endpoint.cloudaudit === undefined) throw noEndpoint(account.id);
    const send = (keys: KeySet, sendSignal: AbortSignal) =>
      new cloudaudit.v20190319.Client({ ...wire.config('cloudaudit', keys), region }).request(
        'LookUpEvents',
        requestOf(asked),
        { signal: sendSignal },
      );
    return caller.call({ action: 'cloudaudit:LookUpEvents', answer: EventsAnswer, signal, send });
  };
  return { events, ...grantCalls(askCam), close: wire.close };
}

type AskCam = <T>(action: string, request: object, answer: z.ZodType<T>, signal: AbortSignal) => Promise<T>;

function grantCalls(ask: AskCam): Omit<AuditApi, 'events' | 'close'> {
  return {
    granting(subject, service, signal) {
      const more = service === undefined ? {} : { ServiceType: service };
      return ask('ListPoliciesGrantingServiceAccess', { ...nameOf(subject), ...more }, GrantingAnswer, signal);
    },
    roles: (Page, signal) => ask('DescribeRoleList', { Page, Rp }, RolesAnswer, signal),
    groups: (Page, signal) => ask('ListGroups', { Page, Rp }, GroupsAnswer, signal),
    attached(subject, Page, signal) {
      const { action, request } = attachedOf(subject);
      return ask(action, { ...request, Page, Rp }, AttachedAnswer, signal);
    },
    policy: (PolicyId, signal) => ask('GetPolicy', { PolicyId }, PolicyAnswer, signal),
  };
}

function requestOf({ attribute, value, from, to, token }: Omit<LookUp, 'region'>): object {
  return {
    StartTime: Math.floor(from / 1_000),
    EndTime: Math.ceil(to / 1_000),
    MaxResults,
    LookupAttributes: [{ AttributeKey: attribute, AttributeValue: value }],
    ...(token === undefined ? {} : { NextToken: token }),
  };
}

/** The SDK writes a BigInt as the number that it is. */
function nameOf(subject: Subject): object {
  if ('uin' in subject) return { TargetUin: subject.uin };
  return 'roleId' in subject ? { RoleId: BigInt(subject.roleId) } : { GroupId: subject.groupId };
}

export function attachedOf(subject: Subject): { readonly action: string; readonly request: object } {
  if ('uin' in subject)
    return { action: 'ListAttachedUserAllPolicies', request: { TargetUin: subject.uin, AttachType: 0 } };
  return 'roleId' in subject
    ? { action: 'ListAttachedRolePolicies', request: { RoleId: subject.roleId } }
    : { action: 'ListAttachedGroupPolicies', request: { TargetGroupId: subject.groupId } };
}

function noEndpoint(accountId: string): Fault {
  const what = 'endpoint names no cloudaudit, which audits ask';
  return new Fault('misconfigured', `account ${accountId}: ${what}; add its URL`);
}
