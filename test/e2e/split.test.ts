import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { cloudsBesideAws } from '../../src/cli/demo/clouds.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { muster } from '../kit/cli.ts';
import { type Daemon, startDaemon } from '../kit/daemon.ts';
import { eventsIn } from '../kit/deployment.ts';
import { temporaryFolder } from '../kit/folder.ts';
import { type RedisServer, startRedis } from '../kit/redis-server.ts';
import { type S3Server, startS3Server } from '../kit/s3-server.ts';
import { until } from '../kit/until.ts';

let simulator: Simulator;
let redis: RedisServer;
let s3: S3Server;
let folder: string;
let remove: () => Promise<void>;
let secrets: Record<'aws' | 'alibaba' | 's3', Record<string, string>>;
const daemons: Daemon[] = [];

beforeAll(async () => {
  [redis, s3] = [await startRedis(), await startS3Server()];
  await s3.createBucket('split');
  const clock = systemClock();
  simulator = await startSimulator({ clock, accounts: 2, buildMs: 500, alibaba: {}, tencent: {} });
  ({ path: folder, remove } = await temporaryFolder());
  const { secrets: known } = cloudsBesideAws(simulator);
  secrets = {
    aws: { AWS_ID: simulator.hub.accessKeyId, AWS_SECRET: simulator.hub.secretAccessKey },
    alibaba: { ALI_ID: known['alibaba_access_key_id']!, ALI_SECRET: known['alibaba_access_key_secret']! },
    s3: { S3_ID: s3.accessKeyId, S3_SECRET: s3.secretAccessKey },
  };
});

afterAll(async () => {
  await Promise.all(daemons.map((daemon) => daemon.stop()));
  await Promise.all([simulator.close(), redis.stop(), s3.close(), remove()]);
});

test.each(['a bucket and Redis', 'a folder and no queue'])(
  'over %s each process does its own part, with the secrets of its part only',
  async (engines) => {
    await configure(engines === 'a bucket and Redis');
    const before = simulator.calls.list().length;
    const deliver = await start(['--only', 'deliver'], secrets.s3);
    const aws = await start(['--only', 'collect', '--provider', 'aws'], { ...secrets.s3, ...secrets.aws });

    await until('what was collected from AWS is delivered', async () => (await told()).size === 2, 30_000);
    expect(simulator.calls.list().length).toBeGreaterThan(before);
    expect(await providersTold()).toEqual(new Set(['aws']));

    const alibaba = await start(['--only', 'collect', '--provider', 'alibaba'], { ...secrets.s3, ...secrets.alibaba });
    await until(
      'what was collected from Alibaba Cloud is delivered too',
      async () => (await told()).size === 3,
      30_000,
    );

    const did = (daemon: Daemon, what: string) => daemon.lines().filter(({ happening }) => happening === what).length;
    expect(did(aws, 'archived')).toBe(2);
    expect(did(alibaba, 'archived')).toBe(1);
    await until('all are noted', () => did(deliver, 'delivered') >= 3);
    expect([did(aws, 'delivered'), did(alibaba, 'delivered'), did(deliver, 'archived')]).toEqual([0, 0, 0]);
    const processes = daemons.splice(0);
    for (const daemon of processes) expect(daemon.lines().filter(({ level }) => level === 'error')).toEqual([]);
    expect(await Promise.all(processes.map((daemon) => daemon.stop()))).toEqual([0, 0, 0]);
  },
  90_000,
);

test('a source that nobody serves is said to be late, and other parts of the config need no secret there', async () => {
  const later = { cwd: folder, at: Date.now() + 2 * 3_600_000, env: secrets.s3 };

  const { code, stdout, stderr } = await muster(['status'], later);

  expect(code, stderr).toBe(1);
  expect(stdout).toMatch(/tencent\/\d+\/credential-report.* late /);
  expect(stdout).toMatch(/^tencent-games: late since .*does a process collect tencent/m);
  expect(stdout).toMatch(/aws\/\d+\/credential-report.* ok /);
  const check = (args: readonly string[], env = secrets.s3) => muster(['check', ...args], { cwd: folder, env });
  expect((await check([])).stderr).toContain('AWS_ID is not set');
  expect((await check(['--only', 'deliver'])).code).toBe(0);
  expect((await check(['--only', 'collect', '--provider', 'aws'], { ...secrets.s3, ...secrets.aws })).code).toBe(0);
  expect((await check(['--only', 'deliver', '--provider', 'aws'])).code).toBe(2);
});

async function start(args: readonly string[], env: Record<string, string>): Promise<Daemon> {
  const daemon = await startDaemon(args, { cwd: folder, env: { ...env, MUSTER_TEST_TICK_MS: '1000' } });
  daemons.push(daemon);
  return daemon;
}

async function configure(isShared: boolean): Promise<void> {
  for (const file of await readdir(folder)) if (file.startsWith('events')) await writeFile(join(folder, file), '');
  const { id, secret } = { id: '${env:AWS_ID}', secret: '${env:AWS_SECRET}' };
  const base = { access_key: { access_key_id: id, secret_access_key: secret } };
  const beside = JSON.stringify(cloudsBesideAws(simulator).accounts)
    .replace('${file:secrets/alibaba_access_key_id}', '${env:ALI_ID}')
    .replace('${file:secrets/alibaba_access_key_secret}', '${env:ALI_SECRET}');
  const config = {
    archive: isShared ? bucket() : './archive',
    ...(isShared ? { queue: redis.url } : {}),
    http: false,
    accounts: [
      ...simulator.accounts.map(({ id: account_id, name, roleName: role, externalId: external_id }) => ({
        provider: 'aws',
        account_id,
        name,
        endpoint: simulator.url,
        auth: { assume_role: { role, external_id, base } },
      })),
      ...(JSON.parse(beside) as object[]),
    ],
    sinks: [{ name: 'siem', type: 'file', path: './events.ndjson', rotate_daily: false, events: ['summary'] }],
  };
  await writeFile(join(folder, 'muster.yaml'), stringify(config));
}

function bucket(): object {
  const { endpoint, region } = s3;
  const access = { access_key_id: '${env:S3_ID}', secret_access_key: '${env:S3_SECRET}' };
  return { url: 's3://split/muster', endpoint, region, path_style: true, ...access };
}

async function told(): Promise<ReadonlySet<string>> {
  const events = await eventsIn(join(folder, 'events.ndjson'));
  return new Set(events.map(({ report }) => report.source).filter((source) => !source.startsWith('muster/')));
}

async function providersTold(): Promise<ReadonlySet<string>> {
  return new Set([...(await told())].map((source) => source.slice(0, source.indexOf('/'))));
}
