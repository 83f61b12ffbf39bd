import { Fault, type FaultKind } from '../../domain/fault.ts';
import { wireTrouble } from '../../kit/wire-trouble.ts';

/** What was asked, and for whom: a message names both. */
export interface Asked {
  /** `ram:GenerateCredentialReport`. */
  readonly action: string;
  readonly accountId: string;
  readonly principal: string | undefined;
  /** Who it is in messages, when it is not the account itself. */
  readonly subject?: string;
}

export function subjectOf({ subject, accountId }: Pick<Asked, 'subject' | 'accountId'>): string {
  return subject ?? `account ${accountId}`;
}

/** What we read of an SDK error. An error of the network has none of it but, perhaps, a code. */
interface SdkError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly retryAfter?: unknown;
}

type Verdict = { readonly kind: FaultKind; readonly what: string; readonly advice?: string };

const EXPIRED = /^(?:InvalidSecurityToken|SecurityToken|InvalidParameter\.SecurityToken).*Expired/;
const CODES: readonly (readonly [codes: RegExp, judge: (code: string, asked: Asked) => Verdict])[] = [
  [
    /^(?:InvalidTimeStamp|IllegalTimestamp)\b/,
    (code) => ({
      kind: 'misconfigured',
      what: `was refused (${code})`,
      advice: "this machine's clock is wrong: set it by NTP",
    }),
  ],
  [
    /Throttling|^TooManyRequests|^Rejected\.Throttl/,
    (code) => ({ kind: 'throttled', what: `was throttled (${code})` }),
  ],
  [/^SignatureNonceUsed$/, (code) => ({ kind: 'unreachable', what: `came twice (${code})` })],
  [
    EXPIRED,
    (code) => ({
      kind: 'denied',
      what: `was refused: the credentials have expired (${code})`,
      advice: 'they are looked up again at the next try',
    }),
  ],
  [
    /^(?:InvalidAccessKey|InvalidSecurityToken|SignatureDoesNotMatch|IncompleteSignature|InvalidCredentials|MissingSecurityToken|MissingAccessKeyId|InvalidAccessKeySecret|AuthenticationFail|Forbidden\.AccessKey)/,
    (code) => ({
      kind: 'denied',
      what: `was refused: the credentials are not valid (${code})`,
      advice: 'check the keys that auth names',
    }),
  ],
  [
    /^(?:NoPermission|Forbidden|NotAuthorized|AccessDenied|ImplicitDeny|ExplicitDeny|UnauthorizedOperation)/,
    notAllowed,
  ],
];

/** Told by code and status only, never by message: some messages hold what was sent. */
export function faultOf(error: unknown, asked: Asked): Fault {
  if (error instanceof Fault) return error;
  const { kind, what, advice } = judge(error as SdkError, asked); // only read, and nothing is taken for granted
  const message = `${subjectOf(asked)}: ${asked.action} ${what}${advice === undefined ? '' : `; ${advice}`}`;
  const retryAfterMs = retryAfterOf(error as SdkError);
  return new Fault(kind, message, { cause: error, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}

/** Whether these credentials are done for, and others may be had by looking again. */
export function meansStaleCredentials(error: unknown): boolean {
  return /^(?:InvalidSecurityToken|SecurityToken|InvalidAccessKey|SignatureDoesNotMatch|Forbidden\.AccessKey)/.test(
    codeOf(error as SdkError),
  );
}

/** A refusal that says nothing of what may be asked: with other credentials the same call may pass. */
export function isOfStaleCredentials(fault: unknown): boolean {
  return fault instanceof Fault && meansStaleCredentials(fault.cause ?? {});
}

/** The code of the Alibaba Cloud error that a Fault was made of. */
export function codeBehind(fault: unknown): string | undefined {
  return fault instanceof Fault && fault.cause instanceof Error ? codeOf(fault.cause) : undefined;
}

/** The session of the credentials is over: they are looked up again by the next call. */
export function isOfExpired(fault: unknown): boolean {
  return EXPIRED.test(codeBehind(fault) ?? '');
}

/** Of a missing answer to a question that was understood: an error below 500 that Alibaba Cloud wrote itself. */
export function isRefusal(fault: unknown): boolean {
  const status = fault instanceof Fault ? statusOf(fault.cause ?? {}) : undefined;
  return status !== undefined && status >= 400 && status < 500;
}

function judge(error: SdkError, asked: Asked): Verdict {
  const trouble = wireTrouble(error);
  if (trouble !== undefined) return trouble;
  const code = codeOf(error);
  const status = statusOf(error);
  if (status === 429) return { kind: 'throttled', what: `was throttled (${code})` };
  if (asked.action.startsWith('sts:AssumeRole') && code.startsWith('EntityNotExist')) return notAllowed(code, asked);
  const known = CODES.find(([codes]) => codes.test(code));
  if (known !== undefined) return known[1](code, asked);
  if (status !== undefined && status >= 500) return { kind: 'unreachable', what: `failed (${code}, status ${status})` };
  if (status !== undefined) return { kind: 'misconfigured', what: `was refused (${code}, status ${status})` };
  if (error instanceof SyntaxError)
    return { kind: 'unreachable', what: 'was answered with something that is not Alibaba Cloud' };
  return { kind: 'unreachable', what: `got no answer (${code})` };
}

function notAllowed(code: string, asked: Asked): Verdict {
  const whom = asked.principal === undefined ? 'these credentials' : asked.principal;
  const advice = asked.action.startsWith('sts:AssumeRole')
    ? 'check that the role exists, that its trust policy names this principal and the external id, and that the principal may assume it; the root may not'
    : `allow ${asked.action} on *${placeOf(asked)}`;
  return { kind: 'denied', what: `is denied to ${whom} (${code})`, advice };
}

/** Most accounts may not ask about the organisation, whatever their own policies say. */
function placeOf({ action }: Asked): string {
  const isOfHub = action.startsWith('resourcemanager:');
  return isOfHub ? ', in the management account or a delegated administrator account' : '';
}

/** The cloud's code, the system's (ECONNRESET), or the error's name. */
function codeOf(error: SdkError): string {
  if (typeof error.code === 'string' && error.code !== '') return error.code;
  return typeof error.name === 'string' ? error.name : '';
}

function statusOf(error: SdkError): number | undefined {
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

/** The SDK has read `x-acs-retry-after`, in milliseconds. */
function retryAfterOf(error: SdkError): number | undefined {
  const { retryAfter } = error;
  return typeof retryAfter === 'number' && retryAfter > 0 && retryAfter < 86_400_000 ? retryAfter : undefined;
}
