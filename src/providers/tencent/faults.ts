import { Fault, type FaultKind } from '../../domain/fault.ts';
import { wireTrouble } from '../../kit/wire-trouble.ts';

/** What was asked, and for whom: a message names both. */
export interface Asked {
  /** `cam:ListAccessKeys`. */
  readonly action: string;
  readonly accountId: string;
  readonly principal: string | undefined;
  /** Who it is in messages, when it is not the account itself. */
  readonly subject?: string;
}

export function subjectOf({ subject, accountId }: Pick<Asked, 'subject' | 'accountId'>): string {
  return subject ?? `account ${accountId}`;
}

/** What we read of an SDK error: every one of the SDK's own is of one class without a name. */
interface SdkError {
  readonly code?: unknown;
  readonly httpCode?: unknown;
  readonly name?: unknown;
  readonly message?: unknown;
}

interface Verdict {
  readonly kind: FaultKind;
  readonly what: string;
  readonly advice?: string;
}

/** By the beginning of the code, the most special first. A code is a dotted path: `AuthFailure.SignatureExpire`. */
const BY_CODE: readonly (readonly [prefix: string, judge: (code: string, asked: Asked) => Verdict])[] = [
  ['RequestLimitExceeded', (code) => ({ kind: 'throttled', what: `was throttled (${code})` })],
  // CloudAudit's word for times too far apart, which asking again does not mend.
  ['LimitExceeded.OverTime', (code) => ({ kind: 'misconfigured', what: `was refused (${code})` })],
  ['LimitExceeded', (code) => ({ kind: 'throttled', what: `was throttled (${code})` })],
  ['AuthFailure.UnauthorizedOperation', (_, asked) => notAllowed(asked)],
  ['UnauthorizedOperation', (_, asked) => notAllowed(asked)],
  ['AuthFailure.SignatureExpire', clockIsWrong],
  ['AuthFailure.TokenFailure', expired],
  ['AuthFailure', wrongCredentials],
  ['InternalError', (code) => ({ kind: 'unreachable', what: `failed (${code})` })],
  ['FailedOperation', (code) => ({ kind: 'unreachable', what: `failed (${code})` })],
];

/** Told by code and status only, never by message. */
export function faultOf(error: unknown, asked: Asked): Fault {
  if (error instanceof Fault) return error;
  const { kind, what, advice } = judge(error as SdkError, asked);
  const message = `${subjectOf(asked)}: ${asked.action} ${what}${advice === undefined ? '' : `; ${advice}`}`;
  return new Fault(kind, message, { cause: error });
}

/** Whether these credentials are done for, and others may be had by looking again. */
export function meansStaleCredentials(error: unknown): boolean {
  const code = codeOf(error as SdkError) ?? '';
  return code.startsWith('AuthFailure.') && !isNotAllowed(code) && code !== 'AuthFailure.SignatureExpire';
}

/** The code of Tencent's error that a Fault was made of; undefined when Tencent answered none. */
export function codeBehind(fault: unknown): string | undefined {
  return fault instanceof Fault && fault.cause instanceof Error ? codeOf(fault.cause) : undefined;
}

export function isNotAllowed(code: string): boolean {
  return code.startsWith('UnauthorizedOperation') || code.startsWith('AuthFailure.UnauthorizedOperation');
}

function codeOf(error: SdkError): string | undefined {
  return typeof error.code === 'string' && /^[A-Z][\w.]{2,99}$/.test(error.code) && !/^E[A-Z]+$/.test(error.code)
    ? error.code
    : undefined;
}

function judge(error: SdkError, asked: Asked): Verdict {
  const trouble = wireTrouble(error);
  if (trouble !== undefined) return trouble;
  const code = codeOf(error);
  if (code === undefined) return judgeTransport(error);
  if (asked.action.startsWith('sts:AssumeRole')) return judgeRole(code, asked) ?? judgeCode(code, asked);
  return judgeCode(code, asked);
}

function judgeCode(code: string, asked: Asked): Verdict {
  const known = BY_CODE.find(([prefix]) => code === prefix || code.startsWith(`${prefix}.`));
  return known === undefined ? { kind: 'misconfigured', what: `was refused (${code})` } : known[1](code, asked);
}

function judgeRole(code: string, asked: Asked): Verdict | undefined {
  const isRefusal = isNotAllowed(code) || code.startsWith('ResourceNotFound') || code === 'InternalError.GetRoleError';
  if (!isRefusal) return undefined;
  const advice =
    'check that the role exists, that it trusts this principal and the external id, and that the principal may assume it';
  return { kind: 'denied', what: `is denied to ${whom(asked)} (${code})`, advice };
}

function notAllowed(asked: Asked): Verdict {
  return { kind: 'denied', what: `is denied to ${whom(asked)}`, advice: `allow ${asked.action} on *${placeOf(asked)}` };
}

/** Most accounts may not ask about the organisation, whatever their own policies say. */
function placeOf({ action }: Asked): string {
  return action.startsWith('organization:') ? ", in the organisation's own account (or name the trusted_service)" : '';
}

function whom({ principal }: Asked): string {
  return principal ?? 'these credentials';
}

function clockIsWrong(code: string): Verdict {
  return {
    kind: 'misconfigured',
    what: `was refused (${code})`,
    advice: "this machine's clock is wrong: set it by NTP",
  };
}

function expired(code: string): Verdict {
  return {
    kind: 'denied',
    what: `was refused: the credentials have expired (${code})`,
    advice: 'they are looked up again at the next try',
  };
}

function wrongCredentials(code: string): Verdict {
  return {
    kind: 'denied',
    what: `was refused: the credentials are not valid (${code})`,
    advice: 'check the keys that auth names, and that they belong to this site',
  };
}

/** The SDK keeps neither code nor cause of what happened on the wire, only words. */
function judgeTransport(error: SdkError): Verdict {
  const { httpCode } = error;
  if (httpCode === 429) return { kind: 'throttled', what: 'was throttled (status 429)' };
  if (typeof httpCode === 'number') {
    const what = httpCode >= 500 ? 'failed' : 'was answered with something that is not Tencent Cloud';
    return { kind: 'unreachable', what: `${what} (status ${httpCode})` };
  }
  if (error.name === 'FetchError' || error instanceof TypeError) {
    return { kind: 'unreachable', what: 'was answered with something that is not Tencent Cloud' };
  }
  return { kind: 'unreachable', what: `got no answer (${wireWords(error)})` };
}

/** Only words that we know: the rest of the message holds addresses. */
function wireWords(error: SdkError): string {
  const message = typeof error.message === 'string' ? error.message : '';
  const word = /\b(?:E[A-Z]{4,}|socket hang up|network timeout|Premature close|certificate)\b/.exec(message)?.[0];
  return word ?? (error.name === 'TimeoutError' ? 'timeout' : 'no reason told');
}
