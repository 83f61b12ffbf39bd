import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { Secret } from '../../src/kit/secret.ts';
import { providers } from '../../src/providers/registry.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { selfSigned } from '../kit/certificate.ts';
import { type ConnectProxy, connectProxy } from '../kit/connect-proxy.ts';
import { freePort } from '../kit/free-port.ts';
import { hubKeys } from '../kit/simulated-alibaba.ts';
import { wayIn } from '../kit/simulated-tencent.ts';
import { type TlsFront, tlsFront } from '../kit/tls-front.ts';

const signal = new AbortController().signal;
const PASSWORD = 'pr0xy-pa$$word';

afterEach(() => vi.unstubAllEnvs());

interface Bench {
  readonly front: TlsFront;
  readonly proxy: ConnectProxy;
  /** Who is there, asked with these settings more: an AssumeRole and the call that is signed with what it gave. */
  readonly identify: (settings: Readonly<Record<string, unknown>>) => Promise<{ readonly accountId: string }>;
  readonly accountId: string;
  readonly calls: () => readonly string[];
}

interface Cloud {
  readonly provider: string;
  readonly account: (simulator: Simulator) => { readonly id: string; readonly auth: object };
}

const CLOUDS: readonly Cloud[] = [
  {
    provider: 'aws',
    account({ hub, accounts }) {
      const secret_access_key = new Secret(hub.secretAccessKey, '${env:KEY}');
      const base = { access_key: { access_key_id: hub.accessKeyId, secret_access_key } };
      const [{ id, roleArn: role, externalId: external_id }] = accounts as [(typeof accounts)[0]];
      return { id, auth: { assume_role: { role, external_id, base } } };
    },
  },
  {
    provider: 'alibaba',
    account({ alibaba }) {
      const { id, roleName: role, externalId: external_id } = alibaba!.accounts[0]!;
      return { id, auth: { assume_role: { role, external_id, base: hubKeys(alibaba!) } } };
    },
  },
  {
    provider: 'tencent',
    account: (simulator) => ({ id: simulator.tencent!.accounts[0]!.id, auth: wayIn(simulator).auth }),
  },
];

async function bench({ provider: name, account }: Cloud): Promise<Bench> {
  const simulator = await startSimulator({ clock: systemClock(), accounts: 1, alibaba: {}, tencent: { accounts: 1 } });
  onTestFinished(() => simulator.close());
  const [front, proxy] = [await tlsFront(simulator.url, 'cloud.test'), await connectProxy()];
  const provider = providers.find((one) => one.name === name)!;
  const { id, auth } = account(simulator);
  return {
    front,
    proxy,
    accountId: id,
    calls: () => simulator.calls.list().map(({ action }) => action),
    async identify(settings) {
      const given = provider.settings.parse({ endpoint: front.url, timeout: '5s', auth, ...settings });
      const listed: Account = { provider: name, id, name: 'prod', labels: {}, reports: {}, settings: given };
      const connection = await provider.connect(listed, { clock: systemClock(), observe: () => undefined });
      onTestFinished(() => connection.close());
      return connection.identify(signal);
    },
  };
}

describe.each(CLOUDS.map((cloud) => [cloud.provider, cloud] as const))('%s', (_, cloud) => {
  test('goes through the proxy with all its calls, and trusts ca_file', async () => {
    const { front, proxy, identify, accountId, calls } = await bench(cloud);
    const url = new Secret(`http://me:${encodeURIComponent(PASSWORD)}@127.0.0.1:${proxy.port}`, '${env:PROXY}');

    expect(await identify({ proxy: url, ca_file: front.caFile })).toMatchObject({ accountId });

    expect(new Set(proxy.asked)).toEqual(new Set([`127.0.0.1:${front.port}`]));
    expect(new Set(proxy.users)).toEqual(new Set([`me:${PASSWORD}`]));
    expect(calls()).toEqual(['AssumeRole', 'GetCallerIdentity']);
    expect(front.connections()).toBe(proxy.asked.length);
  });

  test('goes straight to a host of no_proxy', async () => {
    const { front, proxy, identify, accountId } = await bench(cloud);

    const told = await identify({ proxy: proxy.url, no_proxy: ['127.0.0.0/8'], ca_file: front.caFile });

    expect([told.accountId, proxy.asked, front.connections()]).toEqual([accountId, [], expect.any(Number)]);
  });

  test('goes through the proxy of the environment to a host that is not this machine', async () => {
    const { front, proxy, identify, accountId } = await bench(cloud);
    vi.stubEnv('HTTPS_PROXY', proxy.url);
    vi.stubEnv('NO_PROXY', '.internal');
    proxy.names({ 'cloud.test': front.port });
    const far = { endpoint: 'https://cloud.test', ca_file: front.caFile };

    const told = [await identify(far), await identify({ ca_file: front.caFile })];

    expect(told.map((one) => one.accountId)).toEqual([accountId, accountId]);
    expect(new Set(proxy.asked)).toEqual(new Set(['cloud.test:443']));
  });

  test('tells a dead proxy by its name, and not its password', async () => {
    const { front, identify } = await bench(cloud);
    const dead = `127.0.0.1:${await freePort()}`;
    const proxy = new Secret(`http://me:${encodeURIComponent(PASSWORD)}@${dead}`, '${env:PROXY}');

    const fault = await identify({ proxy, ca_file: front.caFile }).catch((error: unknown) => error);

    expect(fault).toMatchObject({ kind: 'unreachable' });
    expect(String(fault)).toContain(`the proxy ${dead} does not answer (ECONNREFUSED)`);
    expect(JSON.stringify(fault) + String(fault)).not.toContain('pr0xy');
  });

  test.each([
    [407, 'denied', 'give the user name and password in proxy'],
    [403, 'denied', 'name the host in no_proxy'],
    [503, 'unreachable', 'status 503'],
  ])('tells a proxy that answers %i', async (status, kind, words) => {
    const { front, proxy, identify } = await bench(cloud);
    proxy.refuse(status);

    const fault = await identify({ proxy: proxy.url, ca_file: front.caFile }).catch((error: unknown) => error);

    expect(fault).toMatchObject({ kind });
    expect(String(fault)).toContain(words);
  });

  test('tells a certificate that nobody it trusts has signed, with and without a proxy', async () => {
    const { proxy, identify, calls } = await bench(cloud);
    const folder = await mkdtemp(join(tmpdir(), 'muster-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const other = join(folder, 'other.pem');
    await writeFile(other, selfSigned().cert);

    for (const settings of [{}, { ca_file: other }, { proxy: proxy.url }, { proxy: proxy.url, ca_file: other }]) {
      const fault = await identify(settings).catch((error: unknown) => error);

      expect(fault, JSON.stringify(settings)).toMatchObject({ kind: 'misconfigured' });
      expect(String(fault)).toContain('name the authority that signed it in ca_file');
    }
    expect(calls()).toEqual([]);
  });

  test('tells a ca_file that is not there or holds no certificate, and reads it again when it was mended', async () => {
    const { front, identify, accountId } = await bench(cloud);
    await expect(identify({ ca_file: '/nowhere/ca.pem' })).rejects.toThrow(
      'ca_file /nowhere/ca.pem cannot be read (ENOENT)',
    );
    const folder = await mkdtemp(join(tmpdir(), 'muster-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'ca.pem');
    await writeFile(file, 'not a certificate');
    await expect(identify({ ca_file: file })).rejects.toThrow('holds no certificate in PEM');

    await copyFile(front.caFile, file);

    expect(await identify({ ca_file: file })).toMatchObject({ accountId });
  });
});
