import { expect, test } from 'vitest';
import { z } from 'zod';
import { Secret } from '../../kit/secret.ts';
import { WebhookSettings } from './settings.ts';

const SECRET = new Secret(`whsec_${Buffer.alloc(32, 1).toString('base64')}`, '${env:WEBHOOK_SECRET}');

function mistakes(yaml: object): string[] {
  const { error } = WebhookSettings.safeParse({ url: 'https://siem.example.com/muster', secret: SECRET, ...yaml });
  return (error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

test('the defaults are the documented ones', () => {
  expect(WebhookSettings.parse({ url: 'https://siem.example.com/', secret: SECRET })).toMatchObject({
    timeout: 15_000,
    gzip: true,
    headers: {},
    previous_secrets: [],
    allow_http: false,
    allow_private: true,
    max_events: 100,
    max_bytes: 262_144,
  });
});

test.each<[string, object, RegExp]>([
  ['plain http to another host', { url: 'http://siem.example.com/' }, /^url: must begin with https/],
  ['a user in the URL', { url: 'https://u:p@siem.example.com/' }, /^url: must be a URL/],
  ['another protocol', { url: 'ftp://siem.example.com/' }, /^url: must be a URL/],
  ['not a URL', { url: 'siem' }, /^url: must be a URL/],
  ['a literal secret', { secret: SECRET.reveal() }, /^secret: must be a reference/],
  ['a short secret', { secret: new Secret('whsec_c2hvcnQ=', '') }, /^secret: must be whsec_/],
  ['a header of ours', { headers: { 'webhook-id': 'x' } }, /^headers.webhook-id: is set by Muster/],
  [
    'a header with a newline',
    { headers: { 'x-token': new Secret('canary\n', '') } },
    /^headers.x-token: has characters/,
  ],
  ['a token in the URL', { url: 'https://siem.example.com/in?t=canary0123456789' }, /^url: .*give it by reference/],
  ...['Authorization', 'proxy-authorization', 'cookie', 'x-api-key', 'X-Token-Of-Ours', 'client-secret-id'].map(
    (name): [string, object, RegExp] => [
      `a literal ${name}`,
      { headers: { [name]: 'canary' } },
      new RegExp(`^headers.${name}: holds a secret: give it by reference`),
    ],
  ),
  ['a larger batch', { max_events: 101 }, /^max_events: /],
  ['no time at all', { timeout: '0s' }, /^timeout: must be between/],
  ['a CA that is none', { ca: '/etc/ssl/siem.pem' }, /^ca: must be a certificate/],
  ['an unknown key', { retries: 3 }, /retries/],
])('%s is refused', (_title, yaml, message) => {
  const found = mistakes(yaml);

  expect(found).toEqual([expect.stringMatching(message)]);
  expect(found.join()).not.toContain('canary');
});

test('all mistakes are told at once', () => {
  expect(mistakes({ url: 'http://siem.example.com/', timeout: '0s', max_events: 101 })).toHaveLength(3);
});

test.each(['http://localhost:8080/', 'http://127.0.0.1/', 'http://[::1]:9/'])('%s needs no permission', (url) => {
  expect(mistakes({ url })).toEqual([]);
});

test.each<[string, object]>([
  ['secret headers by reference', { headers: { authorization: new Secret('Bearer x', '${env:TOKEN}') } }],
  ['other headers as they are', { headers: { 'x-tenant': 'acme', 'keep-keys': 'no' } }],
  ['a token in the URL by reference', { url: new Secret('https://siem.example.com/?t=a1b2c3d4e5f6g7h8', '') }],
  ['a plain query', { url: 'https://siem.example.com/?source=muster-production&v=20261120' }],
])('%s are taken', (_title, yaml) => {
  expect(mistakes(yaml)).toEqual([]);
});

test('http elsewhere can be allowed', () => {
  expect(mistakes({ url: 'http://siem.internal/', allow_http: true })).toEqual([]);
});

test('the schema can be written as JSON Schema', () => {
  const schema = z.toJSONSchema(WebhookSettings, { io: 'input', unrepresentable: 'any' });

  expect(schema).toMatchObject({ properties: { secret: { type: 'string' }, timeout: { type: 'string' } } });
});
