import { Fault, type FaultKind } from '../domain/fault.ts';

interface S3Error {
  readonly name: string;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
}

const DENIED = new Set(['ExpiredToken', 'InvalidToken', 'CredentialsProviderError', 'TokenRefreshRequired']);
const THROTTLED = new Set(['SlowDown', 'Throttling', 'ThrottlingException', 'RequestLimitExceeded', 'TooManyRequests']);
const FULL = new Set(['QuotaExceeded', 'InsufficientCapacity', 'XMinioStorageFull']);

const ADVICE: Readonly<Record<FaultKind, string>> = {
  throttled: 'the store asks us to slow down',
  unreachable: 'the store cannot be reached or has a bad moment',
  denied: 'access is denied: it needs s3:PutObject, s3:GetObject and s3:ListBucket, and valid credentials',
  misconfigured: 'the store does not accept this: check bucket, region and endpoint',
  malformed: 'the store answers something that is not S3',
};

/** Error messages of S3 servers are sometimes empty and sometimes echo the request: only name and status are told. */
export function s3Fault(archive: string, what: string, error: unknown): Fault {
  if (error instanceof Fault) return error;
  const s3 = readError(error);
  const kind = kindOf(s3);
  const advice = adviceFor(s3) ?? ADVICE[kind];
  const message = `archive ${archive}: ${what}: ${advice} (${[s3.name, s3.status].filter(Boolean).join(' ')})`;
  return new Fault(kind, message, {
    cause: error,
    ...(s3.retryAfterMs === undefined ? {} : { retryAfterMs: s3.retryAfterMs }),
  });
}

export function statusOf(error: unknown): number | undefined {
  return readError(error).status;
}

export function nameOf(error: unknown): string {
  return readError(error).name;
}

function kindOf({ name, status }: S3Error): FaultKind {
  if (THROTTLED.has(name) || status === 429) return 'throttled';
  if (DENIED.has(name)) return 'denied';
  if (FULL.has(name)) return 'unreachable';
  if (name === 'NoSuchBucket' || status === 501) return 'misconfigured';
  if (status === undefined) return /region is missing/i.test(name) ? 'misconfigured' : 'unreachable';
  if (status === 401 || status === 403) return 'denied';
  if (status === 408 || status === 409 || status >= 500) return 'unreachable';
  return status >= 300 ? 'misconfigured' : 'malformed';
}

function adviceFor({ name, status }: S3Error): string | undefined {
  if (name === 'NoSuchBucket') return 'there is no such bucket: create it first';
  if (status === 501)
    return 'the store has no conditional writes (If-None-Match), which the archive needs: use another';
  if (FULL.has(name)) return 'no space is left: make room';
  if (status === 301 || status === 307) return 'the bucket lives elsewhere: check region and endpoint';
  return undefined;
}

function readError(error: unknown): S3Error {
  if (!(error instanceof Error)) return { name: 'unknown', status: undefined, retryAfterMs: undefined };
  const { $metadata, $response, code } = error as Error & {
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly $response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> };
    readonly code?: unknown;
  };
  const seconds = Number($response?.headers?.['retry-after']);
  return {
    name: error.message === 'Region is missing' ? error.message : errorName(error, code),
    status: $metadata?.httpStatusCode ?? $response?.statusCode,
    retryAfterMs: Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined,
  };
}

/** `Error` says nothing; the code (ECONNREFUSED) does. */
function errorName(error: Error, code: unknown): string {
  return typeof code === 'string' && error.name === 'Error' ? code : error.name;
}
