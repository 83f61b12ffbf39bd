import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { Secret } from '../../src/kit/secret.ts';
import { providers } from '../../src/providers/registry.ts';
import { awsSecretsManager } from '../../src/secrets/aws-secrets-manager.ts';
import { type ConnectProxy, connectProxy } from '../kit/connect-proxy.ts';
import { temporaryFolder } from '../kit/folder.ts';

const signal = new AbortController().signal;
const secret = new Secret('s', '${env:KEY}');
const IDS = { aws: '123456789012', alibaba: '1234567890123456', tencent: '100012345678' } as const;
const AWS_KEYS = { access_key: { access_key_id: 'AKIDX', secret_access_key: secret } };
const ALIBABA_KEYS = { access_key: { access_key_id: 'LTAIX', access_key_secret: secret } };
const TENCENT_KEYS = { secret: { secret_id: 'AKIDX', secret_key: secret } };

let proxy: ConnectProxy;
let folder: string;

beforeEach(async () => {
  proxy = await connectProxy();
  proxy.refuse(503); // what matters is who was asked for what
  const temporary = await temporaryFolder();
  onTestFinished(temporary.remove);
  folder = temporary.path;
  await writeFile(join(folder, 'token'), 'of the cluster');
  await signedIn();
  for (const name of Object.keys(process.env)) if (/^(AWS|ALIBABA|TENCENT|TKE)/.test(name)) vi.stubEnv(name, undefined);
  vi.stubEnv('HOME', folder);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
});

afterEach(() => vi.unstubAllEnvs());

/** Profiles: one that signs in, one that takes a role by the keys of a third. */
async function signedIn(): Promise<void> {
  const cache = join(folder, '.aws/sso/cache');
  await mkdir(cache, { recursive: true });
  const token = { accessToken: 't', expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
  await writeFile(join(cache, `${createHash('sha1').update('corp').digest('hex')}.json`), JSON.stringify(token));
  const config = `[sso-session corp]
sso_start_url = https://corp.example/start
sso_region = eu-west-1
[profile portal]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Audit
[profile keys]
aws_access_key_id = AKIDX
aws_secret_access_key = s
[profile role]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = keys
`;
  await writeFile(join(folder, '.aws/config'), config);
}

interface Way {
  readonly provider: keyof typeof IDS;
  readonly auth: () => object;
  readonly env?: () => Readonly<Record<string, string>>;
  /** The first host that is called by it. */
  readonly host: string;
}

const irsa = () => ({ AWS_ROLE_ARN: 'arn:aws:iam::1:role/r', AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'token') });
const rrsa = () => ({
  ALIBABA_CLOUD_ROLE_ARN: 'acs:ram::1234567890123456:role/r',
  ALIBABA_CLOUD_OIDC_PROVIDER_ARN: 'acs:ram::1234567890123456:oidc-provider/p',
  ALIBABA_CLOUD_OIDC_TOKEN_FILE: join(folder, 'token'),
});
const tke = () => ({
  TKE_ROLE_ARN: 'qcs::cam::uin/100012345678:roleName/r',
  TKE_PROVIDER_ID: 'p',
  TKE_WEB_IDENTITY_TOKEN_FILE: join(folder, 'token'),
});

const WAYS: readonly (readonly [name: string, way: Way])[] = [
  ['aws keys', { provider: 'aws', auth: () => AWS_KEYS, host: 'sts.us-east-1.amazonaws.com' }],
  [
    'aws assume_role',
    {
      provider: 'aws',
      auth: () => ({ assume_role: { role: 'r', base: AWS_KEYS } }),
      host: 'sts.us-east-1.amazonaws.com',
    },
  ],
  ['aws profile', { provider: 'aws', auth: () => ({ profile: 'role' }), host: 'sts.us-east-1.amazonaws.com' }],
  ['aws sso', { provider: 'aws', auth: () => ({ sso: 'portal' }), host: 'portal.sso.eu-west-1.amazonaws.com' }],
  [
    'aws SSO in a profile',
    { provider: 'aws', auth: () => ({ profile: 'portal' }), host: 'portal.sso.eu-west-1.amazonaws.com' },
  ],
  [
    'aws web_identity',
    { provider: 'aws', auth: () => ({ web_identity: {} }), env: irsa, host: 'sts.us-east-1.amazonaws.com' },
  ],
  [
    'aws IRSA in the chain',
    { provider: 'aws', auth: () => ({ chain: {} }), env: irsa, host: 'sts.us-east-1.amazonaws.com' },
  ],
  ['alibaba keys', { provider: 'alibaba', auth: () => ALIBABA_KEYS, host: 'sts.ap-southeast-1.aliyuncs.com' }],
  [
    'alibaba assume_role',
    {
      provider: 'alibaba',
      auth: () => ({ assume_role: { role: 'r', base: ALIBABA_KEYS } }),
      host: 'sts.ap-southeast-1.aliyuncs.com',
    },
  ],
  [
    'alibaba oidc',
    { provider: 'alibaba', auth: () => ({ oidc: {} }), env: rrsa, host: 'sts.ap-southeast-1.aliyuncs.com' },
  ],
  [
    'alibaba RRSA in the chain',
    { provider: 'alibaba', auth: () => ({ chain: {} }), env: rrsa, host: 'sts.ap-southeast-1.aliyuncs.com' },
  ],
  ['tencent keys', { provider: 'tencent', auth: () => TENCENT_KEYS, host: 'sts.tencentcloudapi.com' }],
  [
    'tencent assume_role',
    {
      provider: 'tencent',
      auth: () => ({ assume_role: { role: 'r', base: TENCENT_KEYS } }),
      host: 'sts.tencentcloudapi.com',
    },
  ],
  ['tencent oidc', { provider: 'tencent', auth: () => ({ oidc: {} }), env: tke, host: 'sts.tencentcloudapi.com' }],
];

/** The real hosts: nothing but the proxy, which refuses, is ever reached. */
test.each(WAYS)(
  '%s goes through the proxy, of the YAML or of the environment',
  async (_, { provider: name, auth, env, host }) => {
    for (const [key, value] of Object.entries(env?.() ?? {})) vi.stubEnv(key, value);

    for (const settings of [{ proxy: proxy.url }, {}]) {
      if (!('proxy' in settings)) vi.stubEnv('HTTPS_PROXY', proxy.url);
      const fault = await identify(name, { auth: auth(), timeout: '5s', ...settings });

      expect(fault).toMatchObject({
        kind: 'unreachable',
        message: expect.stringContaining(`the proxy 127.0.0.1:${proxy.port}`),
      });
    }

    expect(new Set(proxy.asked)).toEqual(new Set([`${host}:443`]));
    expect(proxy.asked.length).toBeGreaterThanOrEqual(2);
  },
);

test('AWS Secrets Manager is asked through the proxy of the environment', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDX');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 's');
  const store = awsSecretsManager.open({ env: { HTTPS_PROXY: proxy.url }, clock: systemClock() });

  const asked = store.read('arn:aws:secretsmanager:eu-central-1:123456789012:secret:x-AbCdEf', false);

  await expect(asked).rejects.toMatchObject({ kind: 'unreachable' });
  expect(new Set(proxy.asked)).toEqual(new Set(['secretsmanager.eu-central-1.amazonaws.com:443']));
});

async function identify(name: keyof typeof IDS, given: object): Promise<unknown> {
  const provider = providers.find((one) => one.name === name)!;
  const settings = provider.settings.parse(given);
  const account = { provider: name, id: IDS[name], name: 'prod', labels: {}, reports: {}, settings };
  const connection = await provider.connect(account, { clock: systemClock(), observe: () => undefined });
  onTestFinished(() => connection.close());
  return connection.identify(signal).catch((error: unknown) => error);
}

test.each([
  ['aws', AWS_KEYS, 'organizations.us-east-1.amazonaws.com'],
  ['alibaba', ALIBABA_KEYS, 'resourcemanager.aliyuncs.com'],
  ['tencent', TENCENT_KEYS, 'organization.tencentcloudapi.com'],
] as const)(
  'the hub of an organisation of %s goes through the proxy, and its members too',
  async (name, auth, host) => {
    const { organization } = providers.find((one) => one.name === name)!;
    const settings = organization!.settings.parse({ auth, role: 'r', timeout: '5s', proxy: proxy.url });
    const of = {
      provider: name,
      name: 'main',
      members: 'all',
      managementAccount: true,
      labels: {},
      labelsFromTags: [],
    };
    const listed = { ...of, members: 'all' as const, exclude: [], reports: {}, settings };
    const directory = await organization!.connect(listed, { clock: systemClock(), observe: () => undefined });
    onTestFinished(() => directory.close());

    const fault = await directory.list(signal).catch((error: unknown) => error);

    expect(fault).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('the proxy 127.0.0.1') as string,
    });
    expect(new Set(proxy.asked)).toEqual(new Set([`${host}:443`]));
    expect(organization!.member(listed, IDS[name])).toMatchObject({ wire: { proxy: expect.anything() as unknown } });
  },
);
