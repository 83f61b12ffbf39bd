import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { step } from '../../src/simulator/aws/step.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { bucketBelow } from '../kit/bucket.ts';
import { type Daemon, hasProcessGroup } from '../kit/daemon.ts';
import { type Deployment, deployment, FILE_SINK } from '../kit/deployment.ts';
import { type HttpServer, httpServer } from '../kit/http-server.ts';
import { eventsAt, firstTimes, type ReceivedEvent } from '../kit/received-events.ts';
import { type RedisServer, startRedis } from '../kit/redis-server.ts';
import { type S3Server, startS3Server } from '../kit/s3-server.ts';
import { findingsRead, foldedFindings, listedFindings } from '../kit/told.ts';
import {
  type ArchivedReport,
  archivedReports,
  expectedOpen,
  expectTrueBytes,
  expectTrueEvents,
  type Witness,
  witness,
} from '../kit/truth.ts';
import { until } from '../kit/until.ts';
import { SIGNING_SECRET } from '../kit/webhook-receiver.ts';

const ENGINES = ['a folder and the embedded queue', 'a bucket and Redis with three workers'] as const;
const ACCOUNTS = 3;
const REPORTS = 3;
const EVERY_MS = 2_000;

/** What a run on one pair of engines left behind. */
interface Ran {
  readonly muster: Deployment;
  readonly simulator: Simulator;
  readonly receiver: HttpServer;
  readonly cloud: Witness;
  readonly reports: readonly ArchivedReport[];
  readonly workers: readonly { readonly pid: number; readonly code: number | null; readonly archived: number }[];
}

interface Engines {
  readonly yaml: Readonly<Record<string, unknown>>;
  readonly workers: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly objects?: () => Promise<readonly string[]>;
  readonly read?: (key: string) => Promise<Buffer>;
}

let redis: RedisServer;
let s3: S3Server;
const runs = new Map<string, Ran>();

beforeAll(async () => {
  [redis, s3] = [await startRedis(), await startS3Server()];
  await s3.createBucket('truth');
  const bucket = bucketBelow(s3, 'truth', 'muster');
  const archive = {
    url: 's3://truth/muster',
    endpoint: s3.endpoint,
    region: s3.region,
    path_style: true,
    access_key_id: '${env:S3_ID}',
    secret_access_key: '${env:S3_SECRET}',
  };
  const env = { S3_ID: s3.accessKeyId, S3_SECRET: s3.secretAccessKey };
  const onS3 = { yaml: { archive, queue: redis.url }, workers: 3, env, objects: bucket.keys, read: bucket.read };
  const ran = await Promise.all([run({ yaml: {}, workers: 1 }), run(onS3)]);
  for (const [index, engines] of ENGINES.entries()) runs.set(engines, ran[index]!);
  bucket.close();
});

afterAll(async () => {
  for (const { muster, simulator, receiver } of runs.values())
    await Promise.all([muster.remove(), simulator.close(), receiver.close()]);
  await redis?.stop();
  await s3?.close();
});

/** In real time, a report every two seconds, while users and keys come and go. */
async function run(engines: Engines): Promise<Ran> {
  const clock = systemClock();
  const simulator = await startSimulator({ clock, accounts: ACCOUNTS, cacheWindowMs: EVERY_MS, buildMs: 1_000 });
  const receiver = await httpServer();
  const webhook = { name: 'siem', type: 'webhook', url: receiver.url, secret: '${env:HOOK}', inventory: 'every' };
  const { yaml, env } = engines;
  const sinks = [FILE_SINK, webhook];
  const muster = await deployment({ simulator, yaml, sinks, every: '2s', env: { HOOK: SIGNING_SECRET, ...env } });
  const random = seededRandom(4, 'engines');
  const daemons = await Promise.all(Array.from({ length: engines.workers }, () => muster.daemon({ at: undefined })));
  const life = setInterval(() => void step(simulator.world, random), 100);
  try {
    await until('three reports of every account are served', () => hasServed(simulator), 40_000);
  } finally {
    clearInterval(life);
  }
  // From here on the cloud keeps what it has, so that there is an end to wait for.
  Object.assign(simulator.world.pace, { cacheWindowMs: 3_600_000 });
  await until('every report is in both sinks', async () =>
    isDelivered(simulator, eventsAt(receiver), await muster.events()),
  );
  const codes = await Promise.all(daemons.map((daemon) => daemon.stop()));
  const read = engines.read ?? ((key: string) => readFile(join(muster.folder, 'archive', key)));
  const reports = await archivedReports(await (engines.objects ?? muster.objects)(), read);
  const workers = daemons.map((daemon, index) => ({ pid: daemon.pid, code: codes[index]!, archived: count(daemon) }));
  return { muster, simulator, receiver, cloud: await witness(simulator.url), reports, workers };
}

function hasServed({ accounts, world }: Simulator): boolean {
  const served = world.reports.filter((report) => report.served > 0);
  return accounts.every(({ id }) => served.filter(({ account }) => account === id).length >= REPORTS);
}

/** Nothing is being made, and all that was ever made is summed up in every sink. */
function isDelivered({ world }: Simulator, ...sinks: readonly (readonly ReceivedEvent[])[]): boolean {
  if ([...world.accounts.values()].some(({ report }) => report.building !== undefined)) return false;
  return sinks.every((events) => {
    const summed = new Set(events.filter(({ kind }) => kind === 'summary').map(({ report }) => report.sha256));
    return world.reports.every(({ sha256 }) => summed.has(sha256));
  });
}

function count(daemon: Daemon): number {
  return daemon.lines().filter(({ happening }) => happening === 'archived').length;
}

describe.each(ENGINES)('%s', (engines) => {
  test('each archived report is what the cloud served, and none is there twice', async () => {
    const { reports, cloud } = runs.get(engines)!;

    expect(reports.length).toBeGreaterThanOrEqual(ACCOUNTS * REPORTS);
    await expectTrueBytes(reports, cloud);
  });

  test('the sinks got what truly happened, and nothing else', async () => {
    const { muster, receiver, reports, cloud } = runs.get(engines)!;
    const events = await muster.events();

    expect(events.filter(({ kind }) => kind === 'change').length).toBeGreaterThan(10);
    // A user may change between a report and the question for key ids.
    expectTrueEvents(events, reports, cloud, { ids: false });
    expectTrueEvents(eventsAt(receiver), reports, cloud, { ids: false });
  });

  test('nothing was sent twice in calm weather', async () => {
    const { muster, receiver } = runs.get(engines)!;

    for (const events of [await muster.events(), eventsAt(receiver)])
      expect(firstTimes(events)).toHaveLength(events.length);
  });

  test('the findings that are listed, sent and true are the same', async () => {
    const { muster, reports, cloud } = runs.get(engines)!;
    const { stdout } = await muster.run(['findings', '--json'], { at: undefined });

    const listed = listedFindings(stdout);
    expect(listed).toEqual(foldedFindings(await muster.events()));
    expect(findingsRead(listed)).toEqual(expectedOpen(reports, cloud));
  });

  test('the cloud made one report for each window, and no worker asked for one that it was not given', () => {
    const { simulator, reports } = runs.get(engines)!;
    const started = simulator.calls.list().filter(({ answer }) => answer.state === 'STARTED');

    expect(started).toHaveLength(reports.length);
  });

  test('the archive is whole', async () => {
    const { muster } = runs.get(engines)!;
    const { code, stdout } = await muster.run(['reports', 'verify', '--anchors', 'events.ndjson'], { at: undefined });

    expect(stdout).toMatch(/^whole: /);
    expect(stdout).not.toContain('cannot be proven');
    expect(code).toBe(0);
  });

  test('every worker ended by itself and left no child, no lock and no temporary file', async () => {
    const { muster, workers } = runs.get(engines)!;

    expect(workers.map(({ code }) => code)).toEqual(workers.map(() => 0));
    expect(workers.filter(({ pid }) => hasProcessGroup(pid))).toEqual([]);
    const files = await readdir(muster.folder, { recursive: true });
    expect(files.filter((file) => /\.lock|\.tmp/.test(file))).toEqual([]);
  });
});

test('three workers share the work', () => {
  const { workers } = runs.get(ENGINES[1])!;

  expect(workers.filter(({ archived }) => archived > 0).length).toBeGreaterThan(1);
});
