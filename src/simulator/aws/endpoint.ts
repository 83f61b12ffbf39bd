import { randomUUID } from 'node:crypto';
import { type Attempt, answerCall, type CloudCall, type CloudEndpoint, page, type Refusal } from '../cloud-call.ts';
import type { WireReply, WireRequest } from '../wire.ts';
import { AwsError, accessDenied } from './aws-error.ts';
import { type AwsService, type Form, parseForm, serviceOf, writeAnswer, writeError, type Xml } from './aws-query.ts';
import { IAM_ACTIONS } from './iam.ts';
import { answerOrganizations, organizationsAction, writeJsonError } from './organization-calls.ts';
import { authenticate, expiredToken, type Gate, isAllowed, type Principal } from './principals.ts';
import { readSignature } from './sigv4.ts';
import { accountOfRole, STS_ACTIONS } from './sts.ts';
import { answerTrail, trailAction, writeTrailError } from './trail-calls.ts';

interface Asked {
  readonly service: AwsService;
  readonly action: string;
  readonly form: Form;
  readonly body: Buffer;
  readonly requestId: string;
}

/** Who is it, may he, do it. */
export async function answerAws(endpoint: CloudEndpoint<Gate>, request: WireRequest): Promise<WireReply> {
  return answerCall(endpoint, request, () => callOf(endpoint.gate, request));
}

function callOf(gate: Gate, request: WireRequest): CloudCall<Principal> {
  const asked = askedOf(request);
  const { service, action, requestId } = asked;
  return {
    service,
    action,
    requestId,
    authenticate: () => authenticate(gate, request, service),
    accountOf: (principal) => accountAsked(asked, principal),
    carryOut: (principal) => carriedOut(gate, asked, principal, request),
    refusal: (kind, _, principal) => refusal(kind, asked, principal),
    failed: (problem) => (problem instanceof AwsError ? failed(asked, problem) : undefined),
    html: pageOf(asked, 502, 'text/html', HTML),
    garbage: pageOf(asked, 200, 'text/xml', '\u0000\u0007<GetCred\uFFFD\u0001 not xml &&& <<<'),
  };
}

function askedOf(request: WireRequest): Asked {
  const form = parseForm(request.query, request.body);
  const common = { form, body: request.body, requestId: randomUUID() };
  const target = organizationsAction(request);
  if (target !== undefined) return { service: 'organizations', action: target, ...common };
  const trail = trailAction(request);
  if (trail !== undefined) return { service: 'cloudtrail', action: trail, ...common };
  return { service: serviceOf(form) ?? 'iam', action: form.get('Action') ?? '', ...common };
}

function accountAsked(asked: Asked, principal: Principal): string {
  const ofRole = asked.action === 'AssumeRole' ? accountOfRole(asked.form.get('RoleArn')) : undefined;
  return ofRole ?? principal.accountId;
}

function carriedOut(gate: Gate, asked: Asked, principal: Principal, request: WireRequest): Attempt {
  if (asked.service === 'cloudtrail') {
    const { action, body } = asked;
    const { region } = readSignature(request);
    const found = answerTrail({ world: gate.world, principal, action, region, body });
    return pageOf(asked, 200, JSON_TYPE, JSON.stringify(found));
  }
  if (asked.service !== 'organizations') return succeeded(asked, perform(gate, asked, principal));
  const answer = answerOrganizations(gate.world, principal, asked.action, asked.body);
  return pageOf(asked, 200, JSON_TYPE, JSON.stringify(answer));
}

const JSON_TYPE = 'application/x-amz-json-1.1';
const JSON_ERRORS = { organizations: writeJsonError, cloudtrail: writeTrailError };

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

function refusal(kind: Refusal, { service, action }: Asked, { arn }: Principal): AwsError {
  switch (kind) {
    case 'throttle':
      return new AwsError(400, 'Throttling', 'Rate exceeded');
    case 'limit_exceeded':
      return new AwsError(409, 'LimitExceeded', 'No more capacity to launch new report generation tasks');
    case 'error500':
      return service === 'iam'
        ? new AwsError(500, 'ServiceFailure', 'The request processing has failed because of an unknown error.')
        : new AwsError(500, 'InternalFailure', 'The request processing has failed because of an internal error.');
    case 'denied':
      return accessDenied(arn, `${service}:${action}`);
    case 'expired_token':
      return expiredToken();
  }
}

const HTML =
  '<!DOCTYPE html><html><head><title>Bad Gateway<br></head><body><h1>Bad Gateway</h1><p>proxy & co</body></html>';

function succeeded(asked: Asked, result: Xml): Attempt {
  const { service, action, requestId } = asked;
  const attempt = pageOf(
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
    service === 'organizations' || service === 'cloudtrail'
      ? pageOf(asked, problem.status === 403 ? 400 : problem.status, JSON_TYPE, JSON_ERRORS[service](problem))
      : pageOf(asked, problem.status, 'text/xml', writeError(service, problem, requestId));
  return { reply, answer: { status: problem.status, code: problem.code } };
}

function pageOf({ requestId }: Asked, status: number, type: string, body: string): Attempt {
  return page(status, type, body, { 'x-amzn-requestid': requestId });
}
