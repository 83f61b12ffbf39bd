import { randomUUID } from 'node:crypto';
import type { CallAnswer, CallLog } from '../calls.ts';
import type { FaultRule, Faults } from '../faults.ts';
import type { WireReply, WireRequest } from '../wire.ts';
import { header } from './acs3.ts';
import { type Answer, IMS_ACTIONS, RAM_ACTIONS } from './actions.ts';
import { AlibabaError, noPermission } from './alibaba-error.ts';
import { authenticate, expiredToken, type Gate, isAllowed, type Principal } from './principals.ts';
import { type Quotas, throttled } from './quotas.ts';
import { accountOfRole, assumeRole, assumeRoleWithOidc, getCallerIdentity } from './sts.ts';

const SERVICES: ReadonlyMap<string, string> = new Map([
  ['2019-08-15', 'ims'],
  ['2015-05-01', 'ram'],
  ['2015-04-01', 'sts'],
]);

export interface AlibabaEndpoint {
  readonly gate: Gate;
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly quotas: Quotas;
  /** Real milliseconds. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

interface Asked {
  readonly service: string;
  readonly action: string;
  readonly query: URLSearchParams;
  readonly requestId: string;
}

interface Met {
  account?: string | undefined;
  principal?: Principal;
  fault?: FaultRule | undefined;
}

interface Attempt {
  readonly reply: WireReply;
  readonly answer: CallAnswer;
}

/** One signed call: who is it, is a fault planted, is there quota, may he, do it; always noted in the log of calls. */
export async function answerAlibaba(endpoint: AlibabaEndpoint, request: WireRequest): Promise<WireReply> {
  const began = performance.now();
  const asked: Asked = {
    service: SERVICES.get(header(request, 'x-acs-version') ?? '') ?? 'unknown',
    action: header(request, 'x-acs-action') ?? '',
    query: new URLSearchParams(request.query),
    requestId: randomUUID().toUpperCase(),
  };
  const met: Met = {};
  const { reply, answer } = await attempt(endpoint, request, asked, met);
  endpoint.calls.add(endpoint.gate.world.clock.now(), endpoint.gate.wallNow(), {
    service: asked.service,
    action: asked.action,
    account: met.account,
    principal: met.principal?.arn,
    answer,
    ...(met.fault === undefined ? {} : { fault: met.fault.kind }),
    request_id: asked.requestId,
    ms: Math.round((performance.now() - began) * 100) / 100,
  });
  return reply;
}

async function attempt(endpoint: AlibabaEndpoint, request: WireRequest, asked: Asked, met: Met): Promise<Attempt> {
  try {
    if (asked.action !== 'AssumeRoleWithOIDC') met.principal = authenticate(endpoint.gate, request);
    met.account = accountOfRole(asked.query.get('RoleArn')) ?? met.principal?.accountId;
    met.fault = endpoint.faults.take({ service: asked.service, action: asked.action, account: met.account });
    if (met.fault?.kind === 'slow') await endpoint.pause(met.fault.ms ?? 1_000, request.signal);
    const planted = met.fault === undefined ? undefined : instead(met.fault, asked);
    if (planted !== undefined) return planted;
    endpoint.quotas({ account: met.account ?? '', service: asked.service, action: asked.action });
    return spoiled(met.fault, succeeded(asked, perform(endpoint.gate, asked, met.principal)));
  } catch (problem) {
    if (problem instanceof AlibabaError) return failed(asked, problem);
    // Whoever left while a slow answer was due gets none, but was here.
    if (request.signal.aborted) return { reply: { kind: 'reset' }, answer: { status: 0 } };
    throw problem;
  }
}

function perform(gate: Gate, { service, action, query }: Asked, principal: Principal | undefined): Answer {
  if (service === 'sts' && action === 'AssumeRoleWithOIDC') return assumeRoleWithOidc(gate, query);
  if (principal === undefined) throw noPermission(action);
  if (service === 'sts' && action === 'AssumeRole') return assumeRole(gate, principal, query);
  if (service === 'sts' && action === 'GetCallerIdentity') return getCallerIdentity(principal);
  const perform = service === 'ims' ? IMS_ACTIONS.get(action) : service === 'ram' ? RAM_ACTIONS.get(action) : undefined;
  const account = gate.world.accounts.get(principal.accountId);
  if (perform === undefined || account === undefined)
    throw new AlibabaError(404, 'InvalidAction.NotFound', `Specified api is not found: ${action}`);
  if (!isAllowed(principal, `ram:${action}`)) throw noPermission(`ram:${action}`);
  return perform({ world: gate.world, account, query });
}

/** Faults that come instead of the call. Those that answer as Alibaba Cloud does are thrown. */
function instead(fault: FaultRule, asked: Asked): Attempt | undefined {
  switch (fault.kind) {
    case 'throttle':
    case 'limit_exceeded':
      throw throttled(fault.ms);
    case 'error500':
      throw new AlibabaError(500, 'InternalError', 'The request processing has failed due to some unknown error.');
    case 'denied':
      throw noPermission(`ram:${asked.action}`);
    case 'expired_token':
      throw expiredToken();
    case 'hang':
      return { reply: { kind: 'hang', ms: fault.ms }, answer: { status: 0 } };
    case 'reset':
      return { reply: { kind: 'reset' }, answer: { status: 0 } };
    case 'garbage':
      return page(fault.status ?? 200, 'application/json', '\u0000\u0007{"Content": not json');
    case 'html':
      return page(fault.status ?? 502, 'text/html', '<!DOCTYPE html><html><body><h1>Bad Gateway</h1></body></html>');
    case 'slow':
    case 'truncated':
    case 'lost_answer':
      return undefined;
  }
}

/** Faults that come after the call was done. */
function spoiled(fault: FaultRule | undefined, done: Attempt): Attempt {
  if (fault?.kind === 'lost_answer') return { reply: { kind: 'reset' }, answer: done.answer };
  if (fault?.kind === 'truncated' && done.reply.kind === 'answer')
    return { reply: { ...done.reply, cut: true }, answer: done.answer };
  return done;
}

function succeeded({ requestId }: Asked, answer: Answer): Attempt {
  const { reply } = page(200, 'application/json;charset=utf-8', JSON.stringify({ RequestId: requestId, ...answer }));
  const state = answer['State'];
  return { reply, answer: { status: 200, ...(typeof state === 'string' ? { state } : {}) } };
}

function failed({ requestId }: Asked, { status, code, message, headers }: AlibabaError): Attempt {
  const body = { RequestId: requestId, HostId: 'simulator', Code: code, Message: message };
  const { reply } = page(status, 'application/json;charset=utf-8', JSON.stringify(body), headers);
  return { reply, answer: { status, code } };
}

function page(status: number, type: string, body: string, headers: Readonly<Record<string, string>> = {}): Attempt {
  return {
    reply: { kind: 'answer', status, headers: { 'content-type': type, ...headers }, body },
    answer: { status },
  };
}
