import { $OpenApiUtil } from '@alicloud/openapi-core';
import * as ramSdk from '@alicloud/ram20150501';
import { expect, test } from 'vitest';
import { unwrapped } from '../../src/kit/unwrapped.ts';
import { type AlibabaBench, simulatedAlibabaBench } from '../kit/simulated-alibaba.ts';

test('a signature is verified, and so are its key and its age', async () => {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 3 }] });
  const { hub } = bench.cloud;

  await expect(
    clientOf(bench, { accessKeySecret: 'wrong' }).listUsers(new ramSdk.ListUsersRequest({})),
  ).rejects.toMatchObject({
    code: 'SignatureDoesNotMatch',
  });
  await expect(
    clientOf(bench, { accessKeyId: 'LTAInobody' }).listUsers(new ramSdk.ListUsersRequest({})),
  ).rejects.toMatchObject({
    code: 'InvalidAccessKeyId.NotFound',
  });
  bench.cloud.change({ account: hub.accountId, do: 'deactivate_key', user: 'muster-hub' });
  await expect(list(clientOf(bench))).rejects.toMatchObject({ code: 'InvalidAccessKeyId.Inactive' });
  const unsigned = await fetch(bench.simulator.url, { method: 'POST', headers: { 'x-acs-action': 'ListUsers' } });
  expect([unsigned.status, ((await unsigned.json()) as { Code: string }).Code]).toEqual([400, 'IncompleteSignature']);
});

test('a request that comes twice is refused', async () => {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 3 }] });
  const { gate } = bench.cloud;
  const has = gate.nonces.has.bind(gate.nonces);
  gate.nonces.has = () => true;

  await expect(list(clientOf(bench))).rejects.toMatchObject({ code: 'SignatureNonceUsed' });

  gate.nonces.has = has;
});

test('permissions are enforced', async () => {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 3 }] });

  await expect(list(clientOf(bench))).rejects.toMatchObject({ code: 'NoPermission', statusCode: 403 });

  bench.cloud.allow(undefined, 'muster-hub', ['ram:List*']);
  await expect(list(clientOf(bench))).resolves.toMatchObject({ statusCode: 200 });
});

test('a hundred calls in a second are taken, the next one is told when to come again', async () => {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 3 }] });
  bench.cloud.allow(undefined, 'muster-hub', '*');
  const client = clientOf(bench);
  for (let call = 0; call < 100; call += 1) await list(client);

  const thrown = await list(client).catch((error: unknown) => error);
  expect(thrown).toMatchObject({ code: 'Throttling.User', retryAfter: 1_000 });

  bench.clock.move(1_000);
  await expect(list(client)).resolves.toMatchObject({ statusCode: 200 });
});

test('one control plane serves all clouds', async () => {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 3 }] });
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return (await fetch(`${bench.simulator.url}/_simulator/${path}`, { method, ...sent })).json();
  };
  const made = await control('POST', 'identities', { account: bench.accountId, do: 'create_user', user: 'zoe' });
  await bench.collected();

  expect(made).toMatchObject({ user_id: expect.any(String) as string });
  expect(await control('GET', `history?account=${bench.accountId}`)).toContainEqual(
    expect.objectContaining({ action: 'user.created', user: 'zoe' }),
  );
  expect(await control('GET', `reports?account=${bench.accountId}`)).toMatchObject([{ rows: 5, served: 1 }]);
  expect(await control('GET', '')).toMatchObject({
    clouds: { alibaba: { accounts: [{ account_id: bench.accountId }] } },
  });
});

function clientOf(bench: AlibabaBench, given: Readonly<Record<string, string>> = {}) {
  const { accessKeyId, accessKeySecret } = bench.cloud.hub;
  const endpoint = new URL(bench.simulator.url).host;
  const config = new $OpenApiUtil.Config({ endpoint, protocol: 'http', accessKeyId, accessKeySecret, ...given });
  return new (unwrapped(ramSdk))(config);
}

function list(client: ReturnType<typeof clientOf>) {
  return client.listUsers(new ramSdk.ListUsersRequest({}));
}
