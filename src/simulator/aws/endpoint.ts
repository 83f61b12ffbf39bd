import { randomUUID } from 'node:crypto';
import type { CallAnswer, CallLog } from '../calls.ts';
import type { FaultRule, Faults } from '../faults.ts';
import type { WireReply, WireRequest } from '../wire.ts';
import { AwsError, accessDenied } from './aws-error.ts';
import { type AwsService, type Form, parseForm, serviceOf, writeAnswer, writeError, type Xml } from './aws-query.ts';
import { IAM_ACTIONS } from './iam.ts';
import { answerOrganizations, organizationsAction, writeJsonError } from './organization-calls.ts';
import { authenticate, expiredToken, type Gate, isAllowed, type Principal } from './principals.ts';
import { accountOfRole, STS_ACTIONS } from './sts.ts';

export interface AwsEndpoint {
  readonly gate: Gate;
  readonly faults: Faults;
  readonly calls: CallLog;
  /** Real milliseconds. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

interface Asked {
  readonly service: AwsService;
  readonly action: string;
  readonly form: Form;
  readonly body: Buffer;
  readonly requestId: string;
}

interface Met {
  account?: string | undefined;
  principal?: Principal;
  fault?: FaultRule | undefined;
}

/** One signed call: who is it, is a fault planted, may he, do it; always noted in the log of calls. */
export async function answerAws(endpoint: AwsEndpoint, request: WireRequest): Promise<WireReply> {
  const began = performance.now();
  const form = parseForm(request.query, request.body);
  const target = organizationsAction(request);
  const service = target === undefined ? (serviceOf(form) ?? 'iam') : 'organizations';
  const action = target ?? form.get('Action') ?? '';
  const asked: Asked = { service, action, form, body: request.body, requestId: randomUUID() };
  const met: Met = {};
  const { reply, answer } = await attempt(endpoint, request, asked, met);
  const { clock } = endpoint.gate.world;
  endpoint.calls.add(clock.now(), endpoint.gate.wallNow(), {
    service,
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

interface Attempt {
  readonly reply: WireReply;
  readonly answer: CallAnswer;
}

async function attempt(endpoint: AwsEndpoint, request: WireRequest, asked: Asked, met: Met): Promise<Attempt> {
  try {
    met.principal = authenticate(endpoint.gate, request, asked.service);
    met.account = accountAsked(asked, met.principal);
    met.fault = endpoint.faults.take({ service: asked.service, action: asked.action, account: met.account });
    if (met.fault?.kind === 'slow') await endpoint.pause(met.fault.ms ?? 1_000, request.signal);
    const planted = met.fault === undefined ? undefined : instead(met.fault, asked, met.principal);
    if (planted !== undefined) return planted;
    return spoiled(met.fault, carriedOut(endpoint.gate, asked, met.principal));
  } catch (problem) {
    if (problem instanceof AwsError) return failed(asked, problem);
    // Whoever left while a slow answer was due gets none, but was here.
    if (request.signal.aborted) return { reply: { kind: 'reset' }, answer: { status: 0 } };
    throw problem;
  }
}

function accountAsked(asked: Asked, principal: Principal): string {
  const ofRole = asked.action === 'AssumeRole' ? accountOfRole(asked.form.get('RoleArn')) : undefined;
  return ofRole ?? principal.accountId;
}

function carriedOut(gate: Gate, asked: Asked, principal: Principal): Attempt {
  if (asked.service !== 'organizations') return succeeded(asked, perform(gate, asked, principal));
  const answer = answerOrganizations(gate.world, principal, asked.action, asked.body);
  return page(asked, 200, JSON_TYPE, JSON.stringify(answer));
}

const JSON_TYPE = 'application/x-amz-json-1.1';

function perform(gate: Gate, asked: Asked, principal: Principal): Xml {
  const { service, action, form } = asked;
  const sts = service === 'sts' ? STS_ACTIONS.get(action) : undefined;
  if (sts !== undefined) return sts({ gate, principal, form });
  const iam = service === 'iam' ? IAM_ACTIONS.get(action) : undefined;
  const account = gate.world.accounts.get(principal.accountId);
  if (iam === undefined || account === undefined)
    throw new AwsError(
      400,
      'InvalidAction',
      `Could not find operation ${action} for version ${form.get('Version') ?? 'NO_VERSION_SPECIFIED'}`,
    );
  if (!isAllowed(principal, `iam:${action}`)) throw accessDenied(principal.arn, `iam:${action}`);
  return iam({ world: gate.world, account, principal, form });
}

/** Faults that come instead of the call. Those that answer as AWS does are thrown. */
function instead(fault: FaultRule, asked: Asked, principal: Principal): Attempt | undefined {
  switch (fault.kind) {
    case 'throttle':
      throw new AwsError(400, 'Throttling', 'Rate exceeded');
    case 'limit_exceeded':
      throw new AwsError(409, 'LimitExceeded', 'No more capacity to launch new report generation tasks');
    case 'error500':
      throw asked.service === 'iam'
        ? new AwsError(500, 'ServiceFailure', 'The request processing has failed because of an unknown error.')
        : new AwsError(500, 'InternalFailure', 'The request processing has failed because of an internal error.');
    case 'denied':
      throw accessDenied(principal.arn, `${asked.service}:${asked.action}`);
    case 'expired_token':
      throw expiredToken();
    case 'hang':
      return { reply: { kind: 'hang', ms: fault.ms }, answer: { status: 0 } };
    case 'reset':
      return { reply: { kind: 'reset' }, answer: { status: 0 } };
    case 'garbage':
      return page(asked, fault.status ?? 200, 'text/xml', '\u0000\u0007<GetCred\uFFFD\u0001 not xml &&& <<<');
    case 'html':
      return page(asked, fault.status ?? 502, 'text/html', HTML);
    case 'slow':
    case 'truncated':
    case 'lost_answer':
      return undefined;
  }
}

const HTML =
  '<!DOCTYPE html><html><head><title>Bad Gateway<br></head><body><h1>Bad Gateway</h1><p>proxy & co</body></html>';

/** Faults that come after the call was done. */
function spoiled(fault: FaultRule | undefined, done: Attempt): Attempt {
  if (fault?.kind === 'lost_answer') return { reply: { kind: 'reset' }, answer: done.answer };
  if (fault?.kind === 'truncated' && done.reply.kind === 'answer')
    return { reply: { ...done.reply, cut: true }, answer: done.answer };
  return done;
}

function succeeded(asked: Asked, result: Xml): Attempt {
  const { service, action, requestId } = asked;
  const attempt = page(
    asked,
    200,
    'text/xml',
    writeAnswer(service === 'sts' ? 'sts' : 'iam', action, result, requestId),
  );
  const state = action === 'GenerateCredentialReport' ? stateOf(result) : undefined;
  return { reply: attempt.reply, answer: { ...attempt.answer, ...(state === undefined ? {} : { state }) } };
}

function stateOf(result: Xml): string | undefined {
  const state = typeof result === 'object' && 'State' in result ? result['State'] : undefined;
  return typeof state === 'string' ? state : undefined;
}

function failed(asked: Asked, problem: AwsError): Attempt {
  const { service, requestId } = asked;
  const { reply } =
    service === 'organizations'
      ? page(asked, problem.status === 403 ? 400 : problem.status, JSON_TYPE, writeJsonError(problem))
      : page(asked, problem.status, 'text/xml', writeError(service, problem, requestId));
  return { reply, answer: { status: problem.status, code: problem.code } };
}

function page(asked: Asked, status: number, type: string, body: string): Attempt {
  const headers = { 'content-type': type, 'x-amzn-requestid': asked.requestId };
  return { reply: { kind: 'answer', status, headers, body }, answer: { status } };
}
