import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import type { Connection } from '../../src/providers/provider.ts';
import { providers } from '../../src/providers/registry.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { temporaryFolder } from '../kit/folder.ts';
import { httpServer } from '../kit/http-server.ts';
import { type MovableClock, movableClock } from '../kit/movable-clock.ts';
import { realRegistries } from '../kit/real-registries.ts';

const signal = new AbortController().signal;
const MINUTE_MS = 60_000;

let clock: MovableClock;
let simulator: Simulator;
let folder: string;

beforeEach(async () => {
  clock = movableClock();
  simulator = await startSimulator({ clock, accounts: 1, alibaba: {}, tencent: { accounts: 1 } });
  const temporary = await temporaryFolder();
  onTestFinished(temporary.remove);
  folder = temporary.path;
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await simulator.close();
});

interface Keys {
  readonly id: string;
  readonly secret: string;
}

interface Cloud {
  readonly provider: string;
  readonly accountId: () => string;
  /** `auth` with a reference for each of the two. */
  readonly auth: (id: string, secret: string) => string;
  readonly user: (name: string) => Keys;
}

const CLOUDS: readonly Cloud[] = [
  {
    provider: 'aws',
    accountId: () => simulator.accounts[0]!.id,
    auth: (id, secret) => `{ access_key: { access_key_id: "${id}", secret_access_key: "${secret}" } }`,
    user(user) {
      const account = simulator.accounts[0]!.id;
      simulator.mutate({ account, do: 'create_user', user });
      const made = simulator.mutate({ account, do: 'create_key', user });
      return { id: made.key_id!, secret: made.secret_access_key! };
    },
  },
  {
    provider: 'alibaba',
    accountId: () => simulator.alibaba!.accounts[0]!.id,
    auth: (id, secret) => `{ access_key: { access_key_id: "${id}", access_key_secret: "${secret}" } }`,
    user(user) {
      const account = simulator.alibaba!.accounts[0]!.id;
      simulator.alibaba!.change({ account, do: 'create_user', user });
      const made = simulator.alibaba!.change({ account, do: 'create_key', user });
      return { id: made.key_id!, secret: made.secret_access_key! };
    },
  },
  {
    provider: 'tencent',
    accountId: () => simulator.tencent!.accounts[0]!.id,
    auth: (id, secret) => `{ secret: { secret_id: "${id}", secret_key: "${secret}" } }`,
    user(user) {
      const account = simulator.tencent!.accounts[0]!.id;
      simulator.tencent!.change({ account, do: 'create_user', user });
      const made = simulator.tencent!.change({ account, do: 'create_key', user });
      return { id: made.key_id!, secret: made.secret_key! };
    },
  },
];

/** As the config reader makes it of a YAML: the whole way of a reference. */
async function connect({ provider: name, accountId, auth }: Cloud, id: string, secret: string): Promise<Connection> {
  const account = `{ provider: ${name}, account_id: "${accountId()}", endpoint: "${simulator.url}", auth: ${auth(id, secret)} }`;
  const config = await parseConfig(
    `archive: ./a\naccounts:\n  - ${account}\n`,
    join(folder, 'm.yaml'),
    realRegistries,
    {},
  );
  const provider = providers.find((one) => one.name === name)!;
  const connection = await provider.connect(config.accounts[0]!, { clock, observe: () => undefined });
  onTestFinished(() => connection.close());
  return connection;
}

/** As the kubelet does: a new folder, and `..data` turned to it in one step. */
async function mount(keys: Keys, version: string): Promise<void> {
  await mkdir(join(folder, version));
  await writeFile(join(folder, version, 'id'), `${keys.id}\n`, { mode: 0o400 });
  await writeFile(join(folder, version, 'secret'), `${keys.secret}\n`, { mode: 0o400 });
  await symlink(version, join(folder, '..data_tmp'));
  await rename(join(folder, '..data_tmp'), join(folder, '..data'));
  for (const name of ['id', 'secret']) await symlink(`..data/${name}`, join(folder, name)).catch(() => undefined);
}

describe.each(CLOUDS.map((cloud) => [cloud.provider, cloud] as const))('%s', (_, cloud) => {
  test('uses the keys of a mounted secret at the next call after they were rotated', async () => {
    const [old, next] = [cloud.user('old'), cloud.user('next')];
    await mount(old, 'v1');
    const connection = await connect(cloud, '${file:id}', '${file:secret}');
    const before = await connection.identify(signal);
    await mount(next, 'v2');

    const after = await connection.identify(signal);

    expect(before.principal).not.toBe(after.principal);
    expect(after.accountId).toBe(cloud.accountId());
  });

  test('goes on with what a secret file held while it is away', async () => {
    await mount(cloud.user('old'), 'v1');
    const connection = await connect(cloud, '${file:id}', '${file:secret}');
    await rm(join(folder, 'v1'), { recursive: true });

    expect(await connection.identify(signal)).toMatchObject({ accountId: cloud.accountId() });
  });

  test('asks AWS Secrets Manager again when the keys were refused, and recovers by itself', async () => {
    const [old, next] = [cloud.user('old'), cloud.user('next')];
    const manager = await httpServer();
    onTestFinished(() => manager.close());
    const tell = (keys: Keys) =>
      manager.otherwise({
        status: 200,
        body: JSON.stringify({ SecretString: JSON.stringify(keys) }),
        headers: { 'content-type': 'application/x-amz-json-1.1' },
      });
    vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', manager.url);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDOFTHEMACHINE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 's');
    vi.stubEnv('AWS_REGION', 'us-east-1');
    tell({ ...old, secret: 'mistyped-in-the-console' });
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const connection = await connect(cloud, '${aws-sm:hub#id}', '${aws-sm:hub#secret}');
    await expect(connection.identify(signal)).rejects.toMatchObject({ kind: 'denied' });
    tell(next);
    vi.setSystemTime(Date.now() + MINUTE_MS / 2);

    expect(await connection.identify(signal)).toMatchObject({ accountId: cloud.accountId() });
    expect(manager.requests).toHaveLength(2);
  });
});

test('aws: a shared credentials file that was rotated is read within five minutes', async () => {
  const [aws] = CLOUDS as [Cloud];
  const file = join(folder, 'credentials');
  const write = ({ id, secret }: Keys) =>
    writeFile(file, `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file);
  for (const name of ['AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
  await write(aws.user('old'));
  const connection = await connect({ ...aws, auth: () => '{ chain: {} }' }, '', '');
  const before = await connection.identify(signal);
  await write(aws.user('next'));
  clock.move(5 * MINUTE_MS);

  const after = await connection.identify(signal);

  expect([before.principal, after.principal].map((arn) => arn.split('/').at(-1))).toEqual(['old', 'next']);
});

test('tencent: an environment that was changed in the process is used at the next call', async () => {
  const tencent = CLOUDS[2]!;
  const [old, next] = [tencent.user('old'), tencent.user('next')];
  vi.stubEnv('TENCENTCLOUD_SECRET_ID', old.id);
  vi.stubEnv('TENCENTCLOUD_SECRET_KEY', old.secret);
  const connection = await connect({ ...tencent, auth: () => '{ environment: {} }' }, '', '');
  const before = await connection.identify(signal);
  vi.stubEnv('TENCENTCLOUD_SECRET_ID', next.id);
  vi.stubEnv('TENCENTCLOUD_SECRET_KEY', next.secret);

  expect((await connection.identify(signal)).principal).not.toBe(before.principal);
});
