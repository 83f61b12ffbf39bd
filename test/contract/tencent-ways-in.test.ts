import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Secret } from '../../src/kit/secret.ts';
import { type TencentBench, tencentBench } from '../kit/simulated-tencent.ts';

const signal = new AbortController().signal;

afterEach(() => vi.unstubAllEnvs());

/** The keys of a user of the account itself. */
function ownKeys(bench: TencentBench): { readonly id: string; readonly key: string } {
  bench.change({ do: 'create_user', user: 'collector' });
  const made = bench.cloud.change({ account: bench.accountId, do: 'create_key', user: 'collector' });
  return { id: made.key_id!, key: made.secret_key! };
}

describe('a way in', () => {
  test.each(['TENCENTCLOUD_SESSION_TOKEN', 'TENCENTCLOUD_TOKEN', 'TENCENTCLOUD_SECURITY_TOKEN'])(
    'the environment, with its token in %s',
    async (name) => {
      const bench = await tencentBench();
      const session = await stsKeys(bench);
      vi.stubEnv('TENCENTCLOUD_SECRET_ID', session.TmpSecretId);
      vi.stubEnv('TENCENTCLOUD_SECRET_KEY', session.TmpSecretKey);
      vi.stubEnv(name, session.Token);
      const connection = await bench.connect({ auth: { environment: {} } });

      expect(await connection.identify(signal)).toMatchObject({ accountId: bench.accountId });
    },
  );

  test('keys by reference', async () => {
    const bench = await tencentBench();
    const { id, key } = ownKeys(bench);
    const connection = await bench.connect({
      auth: { secret: { secret_id: id, secret_key: new Secret(key, '${env:K}') } },
    });

    expect((await connection.identify(signal)).principal).toMatch(/^qcs::cam::uin\/\d+:uin\/\d+$/);
  });

  test('the token of a TKE cluster, read anew when the role is taken', async () => {
    const bench = await tencentBench();
    const folder = await mkdtemp(join(tmpdir(), 'muster-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, 'not yet\n');
    bench.cloud.world.accounts.get(bench.accountId)!.roles.set('pod', {
      name: 'pod',
      externalId: undefined,
      trusts: [],
      webIdentity: { providerId: 'tke', token: 'of the cluster' },
      allow: '*',
    });
    vi.stubEnv('TKE_ROLE_ARN', `qcs::cam::uin/${bench.accountId}:roleName/pod`);
    vi.stubEnv('TKE_PROVIDER_ID', 'tke');
    vi.stubEnv('TKE_WEB_IDENTITY_TOKEN_FILE', tokenFile);
    const connection = await bench.connect({ auth: { oidc: {} } });
    await expect(connection.identify(signal)).rejects.toMatchObject({ kind: 'misconfigured' });

    await writeFile(tokenFile, 'of the cluster\n');

    expect((await connection.identify(signal)).principal).toContain('assumed-role/pod/');
  });

  test("the machine's role, and a metadata service that was away is asked again", async () => {
    const bench = await tencentBench();
    const { TmpSecretId, TmpSecretKey, Token } = await stsKeys(bench);
    let isAway = true;
    const server = createServer((request, response) => {
      if (isAway) response.writeHead(500).end();
      else if (request.url?.endsWith('/security-credentials/')) response.end('machine');
      else response.end(JSON.stringify({ TmpSecretId, TmpSecretKey, Token, ExpiredTime: 4e9, Code: 'Success' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const metadata = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const connection = await bench.connect({ auth: { cvm_role: { metadata } } });
    await expect(connection.identify(signal)).rejects.toMatchObject({ kind: 'denied' });

    isAway = false;

    expect(await connection.identify(signal)).toMatchObject({ accountId: bench.accountId });
  });
});

test('a failed AssumeRole is not remembered, and many callers cost one', async () => {
  const bench = await tencentBench();
  const connection = await bench.connect();
  bench.simulator.faults.plant({ match: { service: 'sts', action: 'AssumeRole' }, kind: 'error500', count: 1 });
  await expect(connection.identify(signal)).rejects.toMatchObject({ kind: 'unreachable' });

  await bench.collect(connection);

  const assumed = bench.simulator.calls.list().filter(({ action }) => action === 'AssumeRole');
  expect(assumed.map(({ answer }) => answer.code)).toEqual(['InternalError', undefined]);
});

test('a session that the cloud has ended is taken anew', async () => {
  const bench = await tencentBench();
  const connection = await bench.connect();
  await connection.identify(signal);
  bench.simulator.faults.plant({ match: { service: 'cam' }, kind: 'expired_token', count: 1 });
  await expect(bench.collect(connection)).rejects.toMatchObject({ kind: 'denied' });

  await bench.collect(connection);

  const assumed = bench.simulator.calls.list().filter(({ action }) => action === 'AssumeRole');
  expect(assumed).toHaveLength(2);
});

/** A session of the audit role, as somebody else would have taken it. */
async function stsKeys(bench: TencentBench) {
  const { sts } = await import('tencentcloud-sdk-nodejs/tencentcloud/services/sts/index.js');
  const { secretId, secretKey } = bench.cloud.hub;
  const [account] = bench.cloud.accounts;
  const client = new sts.v20180813.Client({
    credential: { secretId, secretKey },
    region: 'ap-guangzhou',
    profile: { httpProfile: { protocol: 'http://', endpoint: new URL(bench.simulator.url).host } },
  });
  const { Credentials } = await client.AssumeRole({
    RoleArn: account!.roleArn,
    RoleSessionName: 'test',
    ExternalId: account!.externalId,
  });
  return Credentials!;
}
