import { createHmac } from 'node:crypto';
import type { Instant } from '../../domain/instant.ts';
import { sha256 } from '../../kit/hash.ts';

const PREFIX = 'whsec_';

/** The bytes behind `whsec_…`; undefined when it is not such a secret. */
export function keyOf(secret: string): Buffer | undefined {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined;
  const key = Buffer.from(encoded, 'base64');
  return key.length >= 24 && key.length <= 64 ? key : undefined;
}

/** The same for the same events, whenever and by whomever they are sent. */
export function messageId(eventIds: readonly string[]): string {
  return `msg_${sha256(eventIds.join('\n')).slice(0, 40)}`;
}

/** Standard Webhooks 1.0.0: one `v1` signature for each key, over the body before it is compressed. */
export function signatureHeaders(
  keys: readonly Buffer[],
  id: string,
  now: Instant,
  body: string,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1_000));
  const sign = (key: Buffer) => createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': keys.map((key) => `v1,${sign(key)}`).join(' '),
  };
}
