import { randomUUID } from 'node:crypto';
import type { CallAnswer, CallLog } from '../calls.ts';
import type { FaultRule, Faults } from '../faults.ts';
import type { WireReply, WireRequest } from '../wire.ts';
import { CAM_ACTIONS, MAINLAND_ONLY } from './cam.ts';
import type { Limits } from './limits.ts';
import { authenticate, isAllowed, type TencentGate, type TencentPrincipal, tokenFailure } from './principals.ts';
import { accountOfRole, assumeRole, assumeRoleWithWebIdentity, getCallerIdentity } from './sts.ts';
import { invalidAction, notAuthorized, TencentError } from './tencent-error.ts';

export interface TencentEndpoint {
  readonly gate: TencentGate;
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly limits: Limits;
  /** Real milliseconds. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

const SERVICES: ReadonlyMap<string, 'cam' | 'sts'> = new Map([
  ['2019-01-16', 'cam'],
  ['2018-08-13', 'sts'],
]);

interface Asked {
  readonly service: 'cam' | 'sts';
  readonly action: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly requestId: string;
}

interface Met {
  account?: string | undefined;
  principal?: TencentPrincipal;
  fault?: FaultRule | undefined;
}

interface Attempt {
  readonly reply: WireReply;
  readonly answer: CallAnswer;
}

/** Tencent's calls name their action in a header, which nobody else does. */
export function isTencentCall(request: WireRequest): boolean {
  return request.headers['x-tc-action'] !== undefined;
}

/** One signed call: who is it, is a fault planted, is it too fast, may he, do it; always noted in the log of calls. */
export async function answerTencent(endpoint: TencentEndpoint, request: WireRequest): Promise<WireReply> {
  const began = performance.now();
  const asked = askedOf(request);
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

function askedOf(request: WireRequest): Asked {
  const service = SERVICES.get(String(request.headers['x-tc-version'])) ?? 'cam';
  const action = String(request.headers['x-tc-action']);
  return { service, action, body: readBody(request.body), requestId: randomUUID() };
}

function readBody(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8') || '{}');
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

async function attempt(endpoint: TencentEndpoint, request: WireRequest, asked: Asked, met: Met): Promise<Attempt> {
  const { gate, faults, limits } = endpoint;
  try {
    const isUnsigned = asked.service === 'sts' && asked.action === 'AssumeRoleWithWebIdentity';
    const principal = isUnsigned ? undefined : authenticate(gate, request);
    if (principal !== undefined) met.principal = principal;
    met.account = (asked.service === 'sts' ? accountOfRole(asked.body) : undefined) ?? principal?.account.id;
    met.fault = faults.take({ service: asked.service, action: asked.action, account: met.account });
    if (met.fault?.kind === 'slow') await endpoint.pause(met.fault.ms ?? 1_000, request.signal);
    const planted = met.fault === undefined ? undefined : instead(met.fault, asked);
    if (planted !== undefined) return planted;
    const key = `${principal?.arn ?? ''} ${asked.service}:${asked.action}`;
    // STS takes 600 a second, which nobody here reaches.
    if (asked.service === 'cam' && !limits.admits(key, gate.world.clock.now())) throw tooMany();
    return spoiled(met.fault, succeeded(asked, perform(gate, asked, principal)));
  } catch (problem) {
    if (problem instanceof TencentError) return failed(asked, problem);
    // Whoever left while a slow answer was due gets none, but was here.
    if (request.signal.aborted) return { reply: { kind: 'reset' }, answer: { status: 0 } };
    throw problem;
  }
}

function perform(gate: TencentGate, asked: Asked, principal: TencentPrincipal | undefined): object {
  const { service, action, body } = asked;
  if (principal === undefined) return assumeRoleWithWebIdentity(gate, body);
  if (service === 'sts' && action === 'GetCallerIdentity') return getCallerIdentity(principal);
  if (service === 'sts' && action === 'AssumeRole') return assumeRole(gate, principal, body);
  const cam = service === 'cam' ? CAM_ACTIONS.get(action) : undefined;
  const { account } = principal;
  if (cam === undefined || (account.site === 'international' && MAINLAND_ONLY.has(action))) throw invalidAction(action);
  if (!isAllowed(principal, `cam:${action}`)) throw notAuthorized(`cam:${action}`);
  const uin = body['TargetUin'] ?? body['SubUin'];
  const broken = typeof uin === 'number' ? account.users.get(uin)?.broken.get(action) : undefined;
  if (broken !== undefined) throw new TencentError(broken, 'The request cannot be carried out for this user.');
  return cam({ world: gate.world, account, principal, request: body });
}

function tooMany(): TencentError {
  return new TencentError(
    'RequestLimitExceeded',
    'The request rate has exceeded the frequency limit of the API: 20 requests per second.',
  );
}

/** Faults that come instead of the call. Those that answer as Tencent does are thrown. */
function instead(fault: FaultRule, asked: Asked): Attempt | undefined {
  switch (fault.kind) {
    case 'throttle':
      throw tooMany();
    case 'limit_exceeded':
      throw new TencentError('RequestLimitExceeded.UinLimitExceeded', 'The account sends too many requests.');
    case 'error500':
      throw new TencentError('InternalError', 'An internal error has occurred. Retry your request.');
    case 'denied':
      throw notAuthorized(`${asked.service}:${asked.action}`);
    case 'expired_token':
      throw tokenFailure();
    case 'hang':
      return { reply: { kind: 'hang', ms: fault.ms }, answer: { status: 0 } };
    case 'reset':
      return { reply: { kind: 'reset' }, answer: { status: 0 } };
    case 'garbage':
      return page(fault.status ?? 200, 'application/json', '\u0000\u0007{"Response": <not json');
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

function succeeded({ requestId }: Asked, result: object): Attempt {
  return json({ ...result, RequestId: requestId });
}

/** Errors are answered with the status 200 too. */
function failed({ requestId }: Asked, problem: TencentError): Attempt {
  const { code, message } = problem;
  const { reply } = json({ Error: { Code: code, Message: message }, RequestId: requestId });
  return { reply, answer: { status: 200, code } };
}

function json(response: object): Attempt {
  return page(200, 'application/json', JSON.stringify({ Response: response }));
}

function page(status: number, type: string, body: string): Attempt {
  return { reply: { kind: 'answer', status, headers: { 'content-type': type }, body }, answer: { status } };
}
