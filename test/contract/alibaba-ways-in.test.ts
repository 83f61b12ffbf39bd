import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Secret } from '../../src/kit/secret.ts';
import { unwrapped } from '../../src/kit/unwrapped.ts';
import { connectProxy } from '../kit/connect-proxy.ts';
import { temporaryFolder } from '../kit/folder.ts';
import { httpServer } from '../kit/http-server.ts';
import { type AlibabaBench, hubKeys, simulatedAlibabaBench } from '../kit/simulated-alibaba.ts';

const signal = new AbortController().signal;
const MINUTE_MS = 60_000;

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('ALIBABA_CLOUD_')) vi.stubEnv(name, undefined);
});

afterEach(() => vi.unstubAllEnvs());

async function folder(): Promise<string> {
  const { path, remove } = await temporaryFolder();
  onTestFinished(remove);
  return path;
}

/** A user of the account and its key. */
function user(bench: AlibabaBench, name: string) {
  bench.cloud.change({ account: bench.accountId, do: 'create_user', user: name });
  const made = bench.cloud.change({ account: bench.accountId, do: 'create_key', user: name });
  return { AccessKeyId: made.key_id!, AccessKeySecret: made.secret_access_key! };
}

/** A session of the audit role, as somebody else would have taken it. */
async function session(bench: AlibabaBench) {
  const [sdk, core] = [await import('@alicloud/sts20150401'), await import('@alicloud/openapi-core')];
  const { hub, accounts } = bench.cloud;
  const { host } = new URL(bench.simulator.url);
  const { accessKeyId, accessKeySecret } = hub;
  const client = new (unwrapped(sdk))(
    new core.$OpenApiUtil.Config({ endpoint: host, protocol: 'http', accessKeyId, accessKeySecret }),
  );
  const { roleArn, externalId } = accounts[0]!;
  const request = new sdk.AssumeRoleRequest({ roleArn, externalId, roleSessionName: 'test' });
  const { body } = await client.assumeRole(request);
  return body!.credentials!;
}

describe('a way in', () => {
  test('keys by reference', async () => {
    const bench = await simulatedAlibabaBench();
    const { AccessKeyId, AccessKeySecret } = user(bench, 'collector');
    const auth = {
      access_key: { access_key_id: AccessKeyId, access_key_secret: new Secret(AccessKeySecret, '${env:K}') },
    };

    const { principal } = await (await bench.connect({ auth })).identify(signal);

    expect(principal).toBe(`acs:ram::${bench.accountId}:user/collector`);
  });

  test('a session of STS by reference', async () => {
    const bench = await simulatedAlibabaBench();
    const { accessKeyId, accessKeySecret, securityToken } = await session(bench);
    const access_key = {
      access_key_id: accessKeyId!,
      access_key_secret: new Secret(accessKeySecret!, '${env:K}'),
      security_token: new Secret(securityToken!, '${env:T}'),
    };

    const { principal } = await (await bench.connect({ auth: { access_key } })).identify(signal);

    expect(principal).toContain('assumed-role/muster-audit/test');
  });

  test('a role through another role: only the last session is cut down to what a report needs', async () => {
    const bench = await simulatedAlibabaBench();
    const { world, accounts } = bench.cloud;
    const [{ roleArn, externalId }] = accounts as [(typeof accounts)[0]];
    const roles = world.accounts.get(bench.accountId)!.roles;
    const audit = roles.get('muster-audit')!;
    const hop = `acs:ram::${bench.accountId}:assumed-role/hop/muster`;
    roles.set('hop', { ...audit, name: 'hop', id: 'hop-id', externalId: undefined, allow: '*' });
    (audit.trusts as string[]).push(hop);
    const base = { assume_role: { role: roleArn.replace('muster-audit', 'hop'), base: hubKeys(bench.cloud) } };
    const connection = await bench.connect({
      auth: { assume_role: { role: roleArn, external_id: externalId, base } },
    });

    expect((await connection.identify(signal)).principal).toContain('assumed-role/muster-audit/muster');
    expect(bench.calls('AssumeRole')).toBe(2);
  });

  test('the token of an ACK cluster, through a proxy too', async () => {
    const bench = await simulatedAlibabaBench();
    const proxy = await connectProxy();
    const provider = `acs:ram::${bench.accountId}:oidc-provider/ack-rrsa`;
    const role = bench.cloud.world.accounts.get(bench.accountId)!.roles.get('muster-audit')!;
    (role.trusts as string[]).push(provider);
    bench.cloud.gate.oidcTokens.set(provider, 'of the cluster+/=');
    const tokenFile = join(await folder(), 'token');
    await writeFile(tokenFile, 'of the cluster+/=\n');
    vi.stubEnv('ALIBABA_CLOUD_ROLE_ARN', `acs:ram::${bench.accountId}:role/muster-audit`);
    vi.stubEnv('ALIBABA_CLOUD_OIDC_PROVIDER_ARN', provider);
    vi.stubEnv('ALIBABA_CLOUD_OIDC_TOKEN_FILE', tokenFile);

    for (const way of [{ auth: { oidc: {} } }, { auth: { chain: {} } }, { auth: { oidc: {} }, proxy: proxy.url }]) {
      const connection = await bench.connect(way);
      expect((await connection.identify(signal)).principal).toContain('assumed-role/muster-audit/muster');
    }
    expect(proxy.asked.length).toBeGreaterThan(0);
    expect(bench.calls('AssumeRoleWithOIDC')).toBe(3);
  });

  test("the machine's role", async () => {
    const bench = await simulatedAlibabaBench();
    const { accessKeyId, accessKeySecret, securityToken } = await session(bench);
    const asked: string[] = [];
    const service = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (request.method === 'PUT') return void response.end('a-token-of-the-machine');
      if (request.url?.endsWith('/security-credentials/')) return void response.end('machine');
      const keys = { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret, SecurityToken: securityToken };
      response.end(JSON.stringify({ ...keys, Expiration: '2099-01-01T00:00:00Z', Code: 'Success' }));
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void service.close());
    const metadata = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
    const connection = await bench.connect({ auth: { ecs_ram_role: { metadata } } });

    expect((await connection.identify(signal)).principal).toContain('assumed-role/muster-audit/test');
    expect(asked).toEqual([
      '/latest/api/token',
      '/latest/meta-data/ram/security-credentials/',
      '/latest/meta-data/ram/security-credentials/machine',
    ]);
  });

  test('the environment, which the chain looks at first', async () => {
    const bench = await simulatedAlibabaBench();
    const { AccessKeyId, AccessKeySecret } = user(bench, 'collector');
    vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_ID', AccessKeyId);
    vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', AccessKeySecret);

    const { principal } = await (await bench.connect({ auth: { chain: {} } })).identify(signal);

    expect(principal).toContain('user/collector');
  });
});

test('a credentials file that was rotated is read within five minutes by the chain', async () => {
  const bench = await simulatedAlibabaBench();
  const file = join(await folder(), 'credentials');
  const write = ({ AccessKeyId, AccessKeySecret }: ReturnType<typeof user>) =>
    writeFile(
      file,
      [
        '[default]',
        'type = access_key',
        `access_key_id = ${AccessKeyId}`,
        `access_key_secret = ${AccessKeySecret}`,
        '',
      ].join('\n'),
    );
  vi.stubEnv('ALIBABA_CLOUD_CREDENTIALS_FILE', file);
  vi.stubEnv('ALIBABA_CLOUD_CLI_PROFILE_DISABLED', 'true');
  await write(user(bench, 'old'));
  const connection = await bench.connect({ auth: { chain: {} } });
  const before = await connection.identify(signal);
  await write(user(bench, 'new'));
  bench.clock.move(5 * MINUTE_MS);

  const after = await connection.identify(signal);

  expect([before.principal, after.principal]).toEqual([
    expect.stringContaining('user/old'),
    expect.stringContaining('user/new'),
  ]);
});

test('what a credentials URI tells anew is used within five minutes, and at once when the old was refused', async () => {
  const bench = await simulatedAlibabaBench();
  const server = await httpServer();
  onTestFinished(() => server.close());
  const [first, second, third] = ['one', 'two', 'three'].map((name) => user(bench, name));
  server.otherwise({ status: 200, body: JSON.stringify(first) });
  const connection = await bench.connect({ auth: { credentials_uri: server.url } });
  await connection.identify(signal);
  server.otherwise({ status: 200, body: JSON.stringify(second) });
  bench.clock.move(5 * MINUTE_MS);

  expect((await connection.identify(signal)).principal).toContain('user/two');

  server.otherwise({ status: 200, body: JSON.stringify(third) });
  bench.cloud.change({ account: bench.accountId, do: 'delete_key', user: 'two' });
  bench.clock.move(2 * MINUTE_MS);
  const [refused] = await connection.probe(signal);
  expect(refused?.problem).toContain('the credentials are not valid');
  expect((await connection.identify(signal)).principal).toContain('user/three');
});
