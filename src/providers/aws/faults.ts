import { Fault, type FaultKind, type FaultOptions } from '../../domain/fault.ts';
import { wireTrouble } from '../../kit/wire-trouble.ts';

/** What was asked, and for whom: a message names both. */
export interface Asked {
  /** A session with tags was asked for. */
  readonly isTagged?: boolean;
  /** `iam:GenerateCredentialReport`. */
  readonly action: string;
  readonly accountId: string;
  readonly principal: string | undefined;
  /** Who it is in messages, when it is not the account itself. */
  readonly subject?: string;
}

export function subjectOf({ subject, accountId }: Asked): string {
  return subject ?? `account ${accountId}`;
}

/** What we read of an SDK error. A credential provider's own error has none of it. */
interface SdkError {
  readonly name?: unknown;
  readonly Code?: unknown;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown; readonly clockSkewCorrected?: unknown };
  readonly $response?: { readonly headers?: Readonly<Record<string, unknown>> };
}

const THROTTLED = new Set([
  'BandwidthLimitExceeded',
  'LimitExceeded',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'Throttling',
  'ThrottledException',
  'ThrottlingException',
  'TooManyRequests',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);
const NOT_ALLOWED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'NotAuthorized',
  'UnauthorizedAccess',
  'UnauthorizedOperation',
]);
const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired']);
const WRONG_CREDENTIALS = new Set([
  'AuthFailure',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);
const NO_CREDENTIALS = new Set(['CredentialsProviderError', 'ProviderError', 'TokenProviderError']);
const CLOCK_SKEW = new Set(['RequestExpired', 'RequestInTheFuture', 'RequestTimeTooSkewed']);

/** Told by name, code and status only, never by message: AWS sends none with some of its errors. */
export function faultOf(error: unknown, asked: Asked): Fault {
  if (error instanceof Fault) return error;
  const { kind, what, advice } = judge(error as SdkError, asked);
  const message = `${subjectOf(asked)}: ${asked.action} ${what}${advice === undefined ? '' : `; ${advice}`}`;
  return new Fault(kind, message, { cause: error, ...retryAfterOf(error as SdkError) });
}

/** Whether these credentials are done for, and others may be had by looking again. */
export function meansStaleCredentials(error: unknown): boolean {
  const code = codeOf(error as SdkError);
  return EXPIRED.has(code) || WRONG_CREDENTIALS.has(code);
}

/** The code of the AWS error that a Fault was made of. */
export function codeBehind(fault: unknown): string | undefined {
  return fault instanceof Fault && fault.cause instanceof Error ? codeOf(fault.cause) : undefined;
}

/** The session of the credentials is over: they are looked up again by the next call. */
export function isOfExpired(fault: unknown): boolean {
  return EXPIRED.has(codeBehind(fault) ?? '');
}

/** The name that AWS gave it on the wire, or the SDK's. */
function codeOf(error: SdkError): string {
  if (typeof error.Code === 'string' && error.Code !== '') return error.Code;
  return typeof error.name === 'string' ? error.name : '';
}

interface Verdict {
  readonly kind: FaultKind;
  readonly what: string;
  readonly advice?: string;
}

function judge(error: SdkError, asked: Asked): Verdict {
  const trouble = wireTrouble(error);
  if (trouble !== undefined) return trouble;
  const code = codeOf(error);
  const status = statusOf(error);
  if (CLOCK_SKEW.has(code) || (WRONG_CREDENTIALS.has(code) && error.$metadata?.clockSkewCorrected === true)) {
    return {
      kind: 'misconfigured',
      what: `was refused (${code})`,
      advice: "this machine's clock is wrong: set it by NTP",
    };
  }
  if (THROTTLED.has(code) || status === 429) return { kind: 'throttled', what: `was throttled (${code})` };
  if (NOT_ALLOWED.has(code)) return notAllowed(asked);
  if (EXPIRED.has(code)) {
    return {
      kind: 'denied',
      what: `was refused: the credentials have expired (${code})`,
      advice: 'they are looked up again at the next try',
    };
  }
  if (WRONG_CREDENTIALS.has(code)) {
    return {
      kind: 'denied',
      what: `was refused: the credentials are not valid (${code})`,
      advice: 'check the keys that auth names',
    };
  }
  if (NO_CREDENTIALS.has(code)) {
    return {
      kind: 'denied',
      what: `found no credentials (${code})`,
      advice: asked.action.startsWith('the SSO profile')
        ? 'check the profile, and sign in again: aws sso login'
        : 'check auth and the place that it names (environment, profile, role)',
    };
  }
  return judgeStatus(error, status, code);
}

function notAllowed(asked: Asked): Verdict {
  const whom = asked.principal === undefined ? 'these credentials' : asked.principal;
  const tags = asked.isTagged === true ? '; its session has tags, for which both must allow sts:TagSession' : '';
  const advice =
    asked.action === 'sts:AssumeRole'
      ? `check that the role exists, that its trust policy names this principal and the external id, and that the principal may assume it${tags}`
      : `allow ${asked.action} on *`;
  return { kind: 'denied', what: `is denied to ${whom}`, advice };
}

/** An answer below 500 with a code that we do not know is a request that this endpoint will not take; one without a code is not AWS. */
function judgeStatus(error: SdkError, status: number | undefined, code: string): Verdict {
  const isAnswer = typeof error.Code === 'string' && status !== undefined && status >= 400 && status < 500;
  if (isAnswer) return { kind: 'misconfigured', what: `was refused (${code}, status ${status})` };
  if (status !== undefined && status >= 500) return { kind: 'unreachable', what: `failed (${code}, status ${status})` };
  if (status !== undefined)
    return { kind: 'unreachable', what: `was answered with something that is not AWS (status ${status})` };
  const detail = typeof error.code === 'string' && error.code !== code ? `${code} ${error.code}` : code;
  return { kind: 'unreachable', what: `got no answer (${detail})` };
}

function statusOf(error: SdkError): number | undefined {
  const status = error.$metadata?.httpStatusCode;
  return typeof status === 'number' ? status : undefined;
}

/** Seconds only: AWS sends no dates there, and a date would need a clock that agrees. */
function retryAfterOf(error: SdkError): Pick<FaultOptions, 'retryAfterMs'> {
  const header = error.$response?.headers?.['retry-after'];
  if (typeof header !== 'string' || !/^\d{1,5}$/.test(header)) return {};
  return { retryAfterMs: Number(header) * 1_000 };
}
