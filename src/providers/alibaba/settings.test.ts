import { expect, test } from 'vitest';
import { Secret } from '../../kit/secret.ts';
import { endpointsOf, hostOf, isRealCloud } from './endpoints.ts';
import { Settings } from './settings.ts';

const secret = new Secret('hush', '${env:S}');

test('nothing at all is the chain of the SDK against the international site', () => {
  expect(Settings.parse({})).toMatchObject({
    auth: { kind: 'chain' },
    region: 'ap-southeast-1',
    keyIds: true,
    maxRps: 20,
    timeoutMs: 60_000,
  });
});

test.each<[string, unknown, Record<string, unknown>]>([
  ['access_key', { access_key: { access_key_id: 'LTAI', access_key_secret: secret } }, { kind: 'access_key' }],
  [
    'a session by reference',
    { access_key: { access_key_id: 'STS.x', access_key_secret: secret, security_token: secret } },
    { kind: 'access_key', securityToken: secret },
  ],
  ['assume_role', { assume_role: { role: 'audit' } }, { kind: 'assume_role', base: { kind: 'chain' } }],
  ['ecs_ram_role', { ecs_ram_role: {} }, { kind: 'ecs_ram_role', role: undefined }],
  [
    'oidc',
    { oidc: { role: 'audit', provider_arn: 'acs:ram::12345:oidc-provider/rrsa', token_file: '/var/run/token' } },
    { kind: 'oidc', sessionName: 'muster', durationMs: 3_600_000 },
  ],
  ['credentials_uri', { credentials_uri: 'http://127.0.0.1/c' }, { kind: 'credentials_uri' }],
  ['chain', { chain: {} }, { kind: 'chain' }],
])('%s is a way in', (_, auth, expected) => {
  expect(Settings.parse({ auth }).auth).toMatchObject(expected);
});

test.each<[string, unknown, RegExp]>([
  ['two ways at once', { auth: { chain: {}, ecs_ram_role: {} } }, /exactly one of/],
  ['a literal secret', { auth: { access_key: { access_key_id: 'a', access_key_secret: 'b' } } }, /reference/],
  ['a role of AWS', { auth: { assume_role: { role: 'arn:aws:iam::1:role/x' } } }, /acs:ram::/],
  [
    'a role on the way without its ARN',
    { auth: { assume_role: { role: 'a', base: { assume_role: { role: 'b' } } } } },
    /ARN/,
  ],
  ['an unknown key', { acess_key: {} }, /acess_key/i],
  ['a URL with a password', { endpoint: 'https://a:b@c' }, /URL/],
])('%s is refused', (_, given, message) => {
  expect(Settings.safeParse(given).error?.message).toMatch(message);
});

test('the STS of the site or the region is asked, and what is given wins', () => {
  expect(endpointsOf(undefined, Settings.parse({ site: 'china' }).region).sts).toBe(
    'https://sts.cn-hangzhou.aliyuncs.com',
  );
  expect(endpointsOf({ sts: 'http://127.0.0.1:1' }, 'x').sts).toBe('http://127.0.0.1:1');
  expect(hostOf('http://127.0.0.1:1/alibaba/')).toEqual({ endpoint: '127.0.0.1:1/alibaba', protocol: 'http' });
});

test('a VPC endpoint is the real cloud, and loopback is not', () => {
  expect(isRealCloud(undefined)).toBe(true);
  expect(isRealCloud({ ims: 'https://ims.vpc-proxy.aliyuncs.com' })).toBe(true);
  expect(isRealCloud(Settings.parse({ endpoint: 'http://127.0.0.1:1' }).endpoint)).toBe(false);
});
