import { randomUUID } from 'node:crypto';
import {
  type Attempt,
  answerCall,
  BAD_GATEWAY,
  type CloudCall,
  type CloudEndpoint,
  page,
  type Refusal,
} from '../cloud-call.ts';
import type { WireReply, WireRequest } from '../wire.ts';
import { header } from './acs3.ts';
import { type Action, type Answer, IMS_ACTIONS, RAM_ACTIONS } from './actions.ts';
import { AlibabaError, noPermission } from './alibaba-error.ts';
import { answerDirectory } from './directory-calls.ts';
import { GRANT_ACTIONS } from './grant-actions.ts';
import { authenticate, expiredToken, type Gate, isAllowed, type Principal } from './principals.ts';
import { type Quotas, throttled } from './quotas.ts';
import { accountOfRole, assumeRole, assumeRoleWithOidc, getCallerIdentity } from './sts.ts';
import { TRAIL_ACTIONS } from './trail-actions.ts';

const SERVICES: ReadonlyMap<string, string> = new Map([
  ['2019-08-15', 'ims'],
  ['2015-05-01', 'ram'],
  ['2015-04-01', 'sts'],
  ['2020-03-31', 'resourcemanager'],
  ['2020-07-06', 'actiontrail'],
]);

const JSON_TYPE = 'application/json;charset=utf-8';

export interface AlibabaEndpoint extends CloudEndpoint<Gate> {
  readonly quotas: Quotas;
}

interface Asked {
  readonly service: string;
  readonly action: string;
  readonly query: URLSearchParams;
  readonly requestId: string;
}

/** Who is it, is there quota, may he, do it. */
export async function answerAlibaba(endpoint: AlibabaEndpoint, request: WireRequest): Promise<WireReply> {
  return answerCall(endpoint, request, () => callOf(endpoint, request));
}

function callOf({ gate, quotas }: AlibabaEndpoint, request: WireRequest): CloudCall<Principal | undefined> {
  const asked: Asked = {
    service: SERVICES.get(header(request, 'x-acs-version') ?? '') ?? 'unknown',
    action: header(request, 'x-acs-action') ?? '',
    query: new URLSearchParams(request.query),
    requestId: randomUUID().toUpperCase(),
  };
  const { service, action, query, requestId } = asked;
  const accountOf = (principal: Principal | undefined) => accountOfRole(query.get('RoleArn')) ?? principal?.accountId;
  return {
    service,
    action,
    requestId,
    authenticate: () => (action === 'AssumeRoleWithOIDC' ? undefined : authenticate(gate, request)),
    accountOf,
    carryOut(principal) {
      quotas({ account: accountOf(principal) ?? '', service, action });
      return succeeded(asked, perform(gate, asked, principal));
    },
    refusal: (kind, ms) => refusal(kind, ms, permissionOf(service, action)),
    failed: (problem) => (problem instanceof AlibabaError ? failed(asked, problem) : undefined),
    html: BAD_GATEWAY,
    garbage: page(200, 'application/json', '\u0000\u0007{"Content": not json'),
  };
}

function perform(gate: Gate, { service, action, query }: Asked, principal: Principal | undefined): Answer {
  if (service === 'sts' && action === 'AssumeRoleWithOIDC') return assumeRoleWithOidc(gate, query);
  if (principal === undefined) throw noPermission(action);
  if (service === 'sts' && action === 'AssumeRole') return assumeRole(gate, principal, query);
  if (service === 'sts' && action === 'GetCallerIdentity') return getCallerIdentity(principal);
  if (service === 'resourcemanager') return answerDirectory(gate.world, principal, action, query);
  const perform = actionOf(service, action);
  const account = gate.world.accounts.get(principal.accountId);
  if (perform === undefined || account === undefined)
    throw new AlibabaError(404, 'InvalidAction.NotFound', `Specified api is not found: ${action}`);
  const permission = gate.spelled.get(action) ?? permissionOf(service, action);
  if (!isAllowed(principal, permission)) throw noPermission(permission);
  return perform({ world: gate.world, account, principal, query });
}

function actionOf(service: string, action: string): Action | undefined {
  switch (service) {
    case 'ims':
      return IMS_ACTIONS.get(action);
    case 'ram':
      return RAM_ACTIONS.get(action) ?? GRANT_ACTIONS.get(action);
    case 'actiontrail':
      return TRAIL_ACTIONS.get(action);
    default:
      return undefined;
  }
}

/** IMS asks for permissions of RAM. */
function permissionOf(service: string, action: string): string {
  return service === 'resourcemanager' || service === 'actiontrail' ? `${service}:${action}` : `ram:${action}`;
}

function refusal(kind: Refusal, ms: number | undefined, action: string): AlibabaError {
  switch (kind) {
    case 'throttle':
    case 'limit_exceeded':
      return throttled(ms);
    case 'error500':
      return new AlibabaError(500, 'InternalError', 'The request processing has failed due to some unknown error.');
    case 'denied':
      return noPermission(action);
    case 'expired_token':
      return expiredToken();
  }
}

function succeeded({ requestId }: Asked, answer: Answer): Attempt {
  const { reply } = page(200, JSON_TYPE, JSON.stringify({ RequestId: requestId, ...answer }));
  const state = answer['State'];
  return { reply, answer: { status: 200, ...(typeof state === 'string' ? { state } : {}) } };
}

function failed({ requestId }: Asked, { status, code, message, headers }: AlibabaError): Attempt {
  const body = { RequestId: requestId, HostId: 'simulator', Code: code, Message: message };
  const { reply } = page(status, JSON_TYPE, JSON.stringify(body), headers);
  return { reply, answer: { status, code } };
}
