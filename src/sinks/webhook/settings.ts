import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { z } from 'zod';
import { duration, secret, text } from '../../kit/schema.ts';
import { Secret } from '../../kit/secret.ts';
import { size } from '../../kit/size.ts';
import { keyOf } from './signature.ts';

const MAX_EVENTS = 100;
const MAX_BYTES = 262_144;
const DEFAULT_TIMEOUT_MS = 15_000;
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;
const SECRET_HEADERS = /^(?:authorization|proxy-authorization|cookie|.*-key|.*(?:token|secret).*)$/i;
const LOOKS_RANDOM = /^(?=.*\d)(?=.*[A-Za-z])[\w-]{16,}$/;
const BY_REFERENCE = 'give it by reference, "${env:NAME}" or "${file:/path}"';
const OUR_HEADERS = /^(host|connection|upgrade|expect|te|trailer|transfer-encoding|content-.*|webhook-.*)$/i;

export const WebhookSettings = z
  .strictObject({
    /** Where batches are posted. */
    url: address().refine(
      isPlainUrl,
      'must be a URL such as https://siem.example.com/muster, without user or password',
    ),
    /** Signs every batch: `whsec_` and the base64 of 24 to 64 random bytes. */
    secret: signingSecret(),
    /** Also sign, while receivers change over to a new secret. */
    previous_secrets: z.array(signingSecret()).max(4).default([]),
    /** For one batch: from the first look-up to the last byte of the answer. */
    timeout: duration()
      .refine((ms) => ms >= 1_000 && ms <= 300_000, 'must be between 1s and 5m')
      .default(DEFAULT_TIMEOUT_MS),
    gzip: z.boolean().default(true),
    headers: headers().default({}),
    /** PEM of the authority that signed the receiver's certificate, in place of the public ones. */
    ca: text().refine(isCertificate, 'must be a certificate in PEM, such as "${file:/etc/ssl/siem.pem}"').optional(),
    /** Plain http to hosts other than loopback. */
    allow_http: z.boolean().default(false),
    /** Hosts in private networks, where most SIEMs are. */
    allow_private: z.boolean().default(true),
    max_events: z.int().min(1).max(MAX_EVENTS).default(MAX_EVENTS),
    max_bytes: size()
      .refine((bytes) => bytes >= 1_024 && bytes <= MAX_BYTES, 'must be between 1KiB and 256KiB')
      .default(MAX_BYTES),
  })
  .refine((settings) => settings.allow_http || !isPlainHttp(settings.url) || isLoopback(settings.url), {
    path: ['url'],
    when: ({ value }) => typeof (value as { url?: unknown } | undefined)?.url === 'string', // told beside other mistakes
    message: 'must begin with https://: events name people and keys (allow_http: true to send them readable to all)',
  });
export type WebhookSettings = z.infer<typeof WebhookSettings>;

function signingSecret(): z.ZodType<Secret> {
  return secret().refine(
    (value) => keyOf(value.reveal()) !== undefined,
    'must be whsec_ followed by the base64 of 24 to 64 random bytes',
  );
}

/** An ordinary URL may be written out; a reference was resolved by now, and has nothing to hide from the YAML. */
function address(): z.ZodType<string> {
  return z
    .union([z.string(), z.instanceof(Secret)])
    .refine((value) => typeof value !== 'string' || !holdsToken(value), {
      message: `its query looks like it holds a token: ${BY_REFERENCE}`,
    })
    .transform((value) => (typeof value === 'string' ? value : value.reveal()))
    .meta({ type: 'string' });
}

function holdsToken(url: string): boolean {
  return URL.canParse(url) && [...new URL(url).searchParams.values()].some((value) => LOOKS_RANDOM.test(value));
}

function headers(): z.ZodType<Readonly<Record<string, string | Secret>>> {
  const value = z.union([z.string(), z.instanceof(Secret)]).meta({ type: 'string' });
  return z.record(z.string(), value).superRefine((given, context) => {
    for (const [name, text] of Object.entries(given)) {
      const why = headerMistake(name, text);
      if (why !== undefined) context.addIssue({ code: 'custom', path: [name], message: why });
    }
  });
}

function headerMistake(name: string, value: string | Secret): string | undefined {
  if (!HEADER_NAME.test(name)) return 'is not a name of a header';
  if (OUR_HEADERS.test(name)) return 'is set by Muster itself';
  if (typeof value === 'string' && SECRET_HEADERS.test(name)) return `holds a secret: ${BY_REFERENCE}`;
  return HEADER_VALUE.test(typeof value === 'string' ? value : value.reveal())
    ? undefined
    : 'has characters that a header cannot hold (a newline at its end?)';
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

function isPlainUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password, hash } = new URL(url);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '' && hash === '';
}

function isPlainHttp(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'http:';
}

function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'));
}
