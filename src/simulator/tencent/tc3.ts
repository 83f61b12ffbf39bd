import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../../domain/instant.ts';
import type { WireRequest } from '../wire.ts';
import { TencentError } from './tencent-error.ts';

const MAX_SKEW_MS = 5 * 60_000;
const AUTHORIZATION =
  /^TC3-HMAC-SHA256 Credential=([A-Za-z0-9_-]+)\/(\d{4}-\d{2}-\d{2})\/([\w.:-]+)\/tc3_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;

export interface Signature {
  readonly secretId: string;
  readonly day: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly hex: string;
  readonly timestamp: string;
  readonly token: string | undefined;
}

export function readSignature(request: WireRequest): Signature {
  const match = AUTHORIZATION.exec(request.headers.authorization ?? '');
  const timestamp = request.headers['x-tc-timestamp'];
  if (match === null || typeof timestamp !== 'string')
    throw new TencentError('AuthFailure.InvalidAuthorization', 'The request Authorization header is invalid.');
  const [, secretId = '', day = '', service = '', signed = '', hex = ''] = match;
  const token = request.headers['x-tc-token'];
  return {
    secretId,
    day,
    service,
    signedHeaders: signed.split(';'),
    hex,
    timestamp,
    token: typeof token === 'string' && token !== '' ? token : undefined,
  };
}

/** Node's SDK signs the host without its port, other clients with it: both are taken. */
export function verifySignature(request: WireRequest, signature: Signature, secret: string): void {
  if (!['content-type', 'host'].every((name) => signature.signedHeaders.includes(name))) throw mismatch();
  if (new Date(Number(signature.timestamp) * 1_000).toISOString().slice(0, 10) !== signature.day) throw mismatch();
  const host = request.headers.host ?? '';
  const given = Buffer.from(signature.hex, 'hex');
  const fits = [host, host.replace(/:\d+$/, '')].some((name) =>
    timingSafeEqual(signatureOf(canonicalRequest(request, signature, name), signature, secret), given),
  );
  if (!fits) throw mismatch();
}

/** Signing uses the machine's clock, so this is compared with the real time, however the simulated time runs. */
export function verifySkew(signature: Signature, wallNow: Instant): void {
  if (Math.abs(Number(signature.timestamp) * 1_000 - wallNow) <= MAX_SKEW_MS) return;
  throw new TencentError(
    'AuthFailure.SignatureExpire',
    'The provided signature has expired: the difference between X-TC-Timestamp and the server time is greater than five minutes.',
  );
}

function mismatch(): TencentError {
  return new TencentError(
    'AuthFailure.SignatureFailure',
    'The provided credentials could not be validated. Please check your signature is correct.',
  );
}

function canonicalRequest(request: WireRequest, signature: Signature, host: string): string {
  const headers = signature.signedHeaders.map((name) => {
    const value = name === 'host' ? host : request.headers[name];
    return `${name}:${typeof value === 'string' ? value.trim() : ''}\n`;
  });
  const body = createHash('sha256').update(request.body).digest('hex');
  return [request.method, '/', request.query, headers.join(''), signature.signedHeaders.join(';'), body].join('\n');
}

function signatureOf(canonical: string, { day, service, timestamp }: Signature, secret: string): Buffer {
  const scope = `${day}/${service}/tc3_request`;
  const digest = createHash('sha256').update(canonical).digest('hex');
  const key = [day, service, 'tc3_request'].reduce<Buffer>(
    (derived, step) => hmac(derived, step),
    Buffer.from(`TC3${secret}`),
  );
  return hmac(key, `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${digest}`);
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
