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
import { CAM_ACTIONS, MAINLAND_ONLY } from './cam.ts';
import { GRANT_ACTIONS } from './grant-calls.ts';
import type { Limits } from './limits.ts';
import { answerOrganization } from './organization-calls.ts';
import { authenticate, isAllowed, type TencentGate, type TencentPrincipal, tokenFailure } from './principals.ts';
import { accountOfRole, assumeRole, assumeRoleWithWebIdentity, getCallerIdentity } from './sts.ts';
import { invalidAction, notAuthorized, TencentError } from './tencent-error.ts';
import { answerTrail } from './trail-calls.ts';

export interface TencentEndpoint extends CloudEndpoint<TencentGate> {
  readonly limits: Limits;
}

type Service = 'cam' | 'sts' | 'organization' | 'cloudaudit';

const SERVICES: ReadonlyMap<string, Service> = new Map<string, Service>([
  ['2019-01-16', 'cam'],
  ['2018-08-13', 'sts'],
  ['2021-03-31', 'organization'],
  ['2019-03-19', 'cloudaudit'],
]);

interface Asked {
  readonly service: Service;
  readonly action: string;
  /** Of the header; empty when it is not there. */
  readonly region: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly requestId: string;
}

/** Tencent's calls name their action in a header, which nobody else does. */
export function isTencentCall(request: WireRequest): boolean {
  return request.headers['x-tc-action'] !== undefined;
}

/** Who is it, is it too fast, may he, do it. */
export async function answerTencent(endpoint: TencentEndpoint, request: WireRequest): Promise<WireReply> {
  return answerCall(endpoint, request, () => callOf(endpoint, request));
}

function callOf({ gate, limits }: TencentEndpoint, request: WireRequest): CloudCall<TencentPrincipal | undefined> {
  const asked = askedOf(request);
  const { service, action, body, requestId } = asked;
  const isUnsigned = service === 'sts' && action === 'AssumeRoleWithWebIdentity';
  return {
    service,
    action,
    requestId,
    authenticate: () => (isUnsigned ? undefined : authenticate(gate, request)),
    accountOf: (principal) => (service === 'sts' ? accountOfRole(body) : undefined) ?? principal?.account.id,
    carryOut(principal) {
      // STS takes 600 a second, which nobody here reaches.
      const key = `${principal?.arn ?? ''} ${service}:${action}`;
      if (service !== 'sts' && !limits.admits(key, gate.world.clock.now())) throw tooMany();
      return succeeded(asked, perform(gate, asked, principal));
    },
    refusal: (kind) => refusal(kind, asked),
    failed: (problem) => (problem instanceof TencentError ? failed(asked, problem) : undefined),
    html: BAD_GATEWAY,
    garbage: page(200, 'application/json', '\u0000\u0007{"Response": <not json'),
  };
}

function askedOf(request: WireRequest): Asked {
  const service = SERVICES.get(String(request.headers['x-tc-version'])) ?? 'cam';
  const action = String(request.headers['x-tc-action']);
  const region = String(request.headers['x-tc-region'] ?? '');
  return { service, action, region, body: readBody(request.body), requestId: randomUUID() };
}

function readBody(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    // A number that JavaScript would round stays a text.
    const text = body.toString('utf8').replace(/("\w+":)(\d{16,})(?=[,}])/g, '$1"$2"');
    const parsed: unknown = JSON.parse(text || '{}');
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

function perform(gate: TencentGate, asked: Asked, principal: TencentPrincipal | undefined): object {
  const { service, action, body } = asked;
  if (principal === undefined) return assumeRoleWithWebIdentity(gate, body);
  if (service === 'sts' && action === 'GetCallerIdentity') {
    if (gate.guardsIdentity && !isAllowed(principal, 'sts:GetCallerIdentity'))
      throw notAuthorized('sts:GetCallerIdentity');
    return getCallerIdentity(principal);
  }
  if (service === 'sts' && action === 'AssumeRole') return assumeRole(gate, principal, body);
  if (service === 'organization') return answerOrganization(gate.world, principal, action, body);
  const { account } = principal;
  if (service === 'cloudaudit') {
    if (!isAllowed(principal, `cloudaudit:${action}`)) throw notAuthorized(`cloudaudit:${action}`);
    return answerTrail({ world: gate.world, account, action, region: asked.region, request: body });
  }
  const cam = service === 'cam' ? (CAM_ACTIONS.get(action) ?? GRANT_ACTIONS.get(action)) : undefined;
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

function refusal(kind: Refusal, { service, action }: Asked): TencentError {
  switch (kind) {
    case 'throttle':
      return tooMany();
    case 'limit_exceeded':
      return new TencentError('RequestLimitExceeded.UinLimitExceeded', 'The account sends too many requests.');
    case 'error500':
      return new TencentError('InternalError', 'An internal error has occurred. Retry your request.');
    case 'denied':
      return notAuthorized(`${service}:${action}`);
    case 'expired_token':
      return tokenFailure();
  }
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
