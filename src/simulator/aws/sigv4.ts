import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type Instant, parseInstant } from '../../domain/instant.ts';
import { formatSecond } from '../../kit/whole-second.ts';
import type { WireRequest } from '../wire.ts';
import { AwsError } from './aws-error.ts';
import type { AwsService } from './aws-query.ts';

const MAX_SKEW_MS = 5 * 60_000;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([A-Za-z0-9]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request,\s*SignedHeaders=([a-z0-9;_-]+),\s*Signature=([0-9a-f]{64})$/;

export interface Signature {
  readonly accessKeyId: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly hex: string;
  /** As in `X-Amz-Date`. */
  readonly stamp: string;
  readonly sessionToken: string | undefined;
}

export function readSignature(request: WireRequest): Signature {
  const { authorization } = request.headers;
  if (authorization === undefined)
    throw new AwsError(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token');
  const stamp = request.headers['x-amz-date'];
  const match = AUTHORIZATION.exec(authorization);
  if (match === null || typeof stamp !== 'string')
    throw new AwsError(400, 'IncompleteSignature', 'Authorization header is not a whole AWS4-HMAC-SHA256 signature.');
  const [, accessKeyId = '', day = '', region = '', service = '', signed = '', hex = ''] = match;
  const token = request.headers['x-amz-security-token'];
  const sessionToken = typeof token === 'string' ? token : undefined;
  return { accessKeyId, day, region, service, signedHeaders: signed.split(';'), hex, stamp, sessionToken };
}

/** Throws what AWS answers when the signature does not fit the request. */
export function verifySignature(request: WireRequest, signature: Signature, secret: string, service: AwsService): void {
  if (signature.service !== service) throw mismatch(`Credential should be scoped to correct service: '${service}'.`);
  if (!signature.stamp.startsWith(signature.day))
    throw mismatch('Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.');
  const mustSign = ['host', ...(signature.sessionToken === undefined ? [] : ['x-amz-security-token'])];
  const unsigned = mustSign.find((name) => !signature.signedHeaders.includes(name));
  if (unsigned !== undefined) throw mismatch(`'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`);
  const bodyHash = createHash('sha256').update(request.body).digest('hex');
  const claimed = request.headers['x-amz-content-sha256'];
  if (claimed !== undefined && claimed !== bodyHash) throw mismatch(WRONG_SIGNATURE);
  const expected = signatureOf(canonicalRequest(request, signature.signedHeaders, bodyHash), signature, secret);
  if (!timingSafeEqual(expected, Buffer.from(signature.hex, 'hex'))) throw mismatch(WRONG_SIGNATURE);
}

/** Signing uses the machine's clock, so this is compared with the real time, however the simulated time runs. */
export function verifySkew(signature: Signature, wallNow: Instant): void {
  const signedAt = parseStamp(signature.stamp);
  if (signedAt === undefined) throw new AwsError(400, 'IncompleteSignature', 'Date must be in ISO-8601 basic format.');
  const now = compact(wallNow);
  if (signedAt < wallNow - MAX_SKEW_MS)
    throw mismatch(
      `Signature expired: ${signature.stamp} is now earlier than ${compact(wallNow - MAX_SKEW_MS)} (${now} - 5 min.)`,
    );
  if (signedAt > wallNow + MAX_SKEW_MS)
    throw mismatch(
      `Signature not yet current: ${signature.stamp} is still later than ${compact(wallNow + MAX_SKEW_MS)} (${now} + 5 min.)`,
    );
}

const WRONG_SIGNATURE =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

function mismatch(said: string): AwsError {
  return new AwsError(403, 'SignatureDoesNotMatch', said);
}

function canonicalRequest(request: WireRequest, signedHeaders: readonly string[], bodyHash: string): string {
  const headers = signedHeaders.map((name) => `${name}:${canonicalHeader(request.headers[name])}\n`).join('');
  const path = request.path.split('/').map(encoded).join('/');
  return [request.method, path, canonicalQuery(request.query), headers, signedHeaders.join(';'), bodyHash].join('\n');
}

function canonicalHeader(given: string | string[] | undefined): string {
  const text = Array.isArray(given) ? given.join(',') : (given ?? '');
  return text.trim().replace(/\s+/g, ' ');
}

function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query)]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

function signatureOf(canonical: string, signature: Signature, secret: string): Buffer {
  const scope = `${signature.day}/${signature.region}/${signature.service}/aws4_request`;
  const digest = createHash('sha256').update(canonical).digest('hex');
  const key = ['aws4_request', signature.service, signature.region, signature.day].reduceRight<Buffer>(
    (derived, step) => hmac(derived, step),
    Buffer.from(`AWS4${secret}`),
  );
  return hmac(key, `AWS4-HMAC-SHA256\n${signature.stamp}\n${scope}\n${digest}`);
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function parseStamp(stamp: string): Instant | undefined {
  return parseInstant(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function compact(instant: Instant): string {
  return formatSecond(instant).replace(/[-:]/g, '');
}
