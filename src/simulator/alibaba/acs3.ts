import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type Instant, parseInstant } from '../../domain/instant.ts';
import type { WireRequest } from '../wire.ts';
import { AlibabaError } from './alibaba-error.ts';

const MAX_SKEW_MS = 15 * 60_000;
const AUTHORIZATION = /^ACS3-HMAC-SHA256 Credential=([\w.-]+),SignedHeaders=([a-z0-9;-]+),Signature=([0-9a-f]{64})$/;
const MUST_SIGN = [
  'host',
  'x-acs-action',
  'x-acs-version',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-content-sha256',
];

export interface Signature {
  readonly accessKeyId: string;
  readonly signedHeaders: readonly string[];
  readonly hex: string;
  readonly date: string;
  readonly nonce: string;
  readonly securityToken: string | undefined;
}

export function readSignature(request: WireRequest): Signature {
  const match = AUTHORIZATION.exec(request.headers.authorization ?? '');
  if (match === null)
    throw new AlibabaError(400, 'IncompleteSignature', 'The request signature does not conform to Aliyun standards.');
  const [, accessKeyId = '', signed = '', hex = ''] = match;
  return {
    accessKeyId,
    signedHeaders: signed.split(';'),
    hex,
    date: header(request, 'x-acs-date') ?? '',
    nonce: header(request, 'x-acs-signature-nonce') ?? '',
    securityToken: header(request, 'x-acs-security-token'),
  };
}

/** Throws what Alibaba Cloud answers when the signature does not fit the request. */
export function verifySignature(request: WireRequest, signature: Signature, secret: string): void {
  const mustSign = [...MUST_SIGN, ...(signature.securityToken === undefined ? [] : ['x-acs-security-token'])];
  const bodyHash = sha256Hex(request.body);
  const isWhole = mustSign.every((name) => signature.signedHeaders.includes(name));
  if (!isWhole || header(request, 'x-acs-content-sha256') !== bodyHash) throw mismatch();
  const toSign = `ACS3-HMAC-SHA256\n${sha256Hex(canonicalRequest(request, signature.signedHeaders, bodyHash))}`;
  const expected = createHmac('sha256', secret).update(toSign).digest();
  if (!timingSafeEqual(expected, Buffer.from(signature.hex, 'hex'))) throw mismatch();
}

/** Signing uses the machine's clock, so this is compared with the real time, however the simulated time runs. */
export function verifySkew({ date }: Signature, wallNow: Instant): void {
  const signedAt = parseInstant(date);
  if (signedAt === undefined || Math.abs(signedAt - wallNow) > MAX_SKEW_MS)
    throw new AlibabaError(400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.');
}

function canonicalRequest(request: WireRequest, signedHeaders: readonly string[], bodyHash: string): string {
  const headers = signedHeaders.map((name) => `${name}:${(header(request, name) ?? '').trim()}\n`).join('');
  const query = [...new URLSearchParams(request.query)]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
  return [request.method, request.path, query, headers, signedHeaders.join(';'), bodyHash].join('\n');
}

export function header(request: WireRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256Hex(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function mismatch(): AlibabaError {
  return new AlibabaError(400, 'SignatureDoesNotMatch', 'Specified signature does not match our calculation.');
}
