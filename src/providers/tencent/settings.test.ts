import { describe, expect, test } from 'vitest';
import { Secret } from '../../kit/secret.ts';
import { tencent } from './index.ts';
import { Settings } from './settings.ts';

const secret = { secret_id: 'AKIDEXAMPLE', secret_key: new Secret('k', '${env:KEY}') };

test('without settings it is the mainland site, the environment, and as fast as Tencent allows', () => {
  expect(Settings.parse({})).toEqual({
    auth: { kind: 'environment' },
    site: 'mainland',
    endpoint: undefined,
    region: 'ap-guangzhou',
    timeZone: '+08:00',
    maxRps: 20,
    timeoutMs: 30_000,
    wire: { proxy: undefined, noProxy: undefined, caFile: undefined },
  });
});

describe('auth', () => {
  test.each([
    ['secret', { secret }, { kind: 'secret', token: undefined }],
    ['assume_role', { assume_role: { role: 'muster-audit' } }, { kind: 'assume_role', base: { kind: 'environment' } }],
    ['cvm_role', { cvm_role: {} }, { kind: 'cvm_role', metadata: 'http://metadata.tencentyun.com' }],
    ['oidc', { oidc: {} }, { kind: 'oidc', sessionName: 'muster' }],
  ])('%s is a way in', (_, auth, way) => {
    expect(Settings.parse({ auth }).auth).toMatchObject(way);
  });

  test('roles can be chained, and the one on the way needs its ARN', () => {
    const through = (role: string) => ({
      auth: { assume_role: { role: 'b', base: { assume_role: { role, base: { secret } } } } },
    });

    expect(Settings.safeParse(through('qcs::cam::uin/100000000001:roleName/a')).success).toBe(true);
    expect(Settings.safeParse(through('a')).success).toBe(false);
  });

  test.each([
    [{}],
    [{ secret, cvm_role: {} }],
    [{ secret: { secret_id: 'a', secret_key: 'literal' } }],
    [{ typo: {} }],
  ])('%j is refused', (auth) => {
    expect(Settings.safeParse({ auth }).success).toBe(false);
  });
});

test.each([
  { site: 'china' },
  { endpoint: 'https://user:word@example.com' },
  { endpoint: 'https://example.com/path' },
  { time_zone: 'Asia/Shanghai' },
  { max_rps: 0 },
  { timeout: '10ms' },
  { unknown: true },
])('%j is refused', (settings) => {
  expect(Settings.safeParse(settings).success).toBe(false);
});

test.each<[unknown, boolean]>([
  ['https://cam.tencentcloudapi.com', true],
  ['https://cam.intl.tencentcloudapi.com', true],
  ['https://cam.internal.tencentcloudapi.com', true],
  ['https://cam.tencentcloudapi.woa.com', true],
  [{ cam: 'http://127.0.0.1:1', sts: 'https://sts.tencentcloudapi.com' }, true],
  ['https://cam.tencentcloudapi.com.example.com', false],
  ['https://mytencentcloudapi.com', false],
])('the endpoint %j is the real Tencent Cloud: %s', (endpoint, isReal) => {
  expect(tencent.isRealCloud(Settings.parse({ endpoint }))).toBe(isReal);
});

test("only an endpoint of one's own is not the real cloud", () => {
  expect(tencent.isRealCloud(Settings.parse({}))).toBe(true);
  expect(tencent.isRealCloud(Settings.parse({ endpoint: 'http://127.0.0.1:1' }))).toBe(false);
});
