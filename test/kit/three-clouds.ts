import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { parseConfig } from '../../src/config/load.ts';
import { compose } from '../../src/daemon/compose.ts';
import type { Happening } from '../../src/domain/happening.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import { type SourceName, sourceName } from '../../src/domain/names.ts';
import { collect } from '../../src/pipeline/collect.ts';
import type { Stage } from '../../src/pipeline/stage.ts';
import type { Job } from '../../src/queue/queue.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { temporaryFolder } from './folder.ts';
import { type MovableClock, movableClock, passing } from './movable-clock.ts';
import { realRegistries } from './real-registries.ts';

type CollectJob = Extract<Job, { name: 'collect' }>;

export interface ThreeClouds {
  readonly simulator: Simulator;
  readonly clock: MovableClock;
  readonly stage: Stage;
  /** The first account of each cloud. */
  readonly victims: Readonly<Record<'aws' | 'alibaba' | 'tencent', SourceName>>;
  readonly sources: readonly SourceName[];
  readonly happenings: Happening[];
  /** Looks as the queue would, in the simulator's time, until there is a report or a fault; how long it wants to wait after a fault. */
  readonly bring: (
    source: SourceName,
  ) => Promise<{ readonly failedFor: number | undefined; readonly job: Job | undefined }>;
  /** All that was kept, said or queued, as text. */
  readonly everything: () => Promise<string>;
  /** What may be in none of it: the hub's keys and every session that was given out. */
  readonly secrets: () => readonly string[];
}

/** Two accounts in each cloud, through roles, by the real config reader, pipeline and archive. */
export async function threeClouds(settings: Readonly<Record<string, unknown>> = {}): Promise<ThreeClouds> {
  const clock = movableClock();
  const simulator = await startSimulator({
    clock,
    accounts: 2,
    usersPerAccount: 4,
    alibaba: { accounts: [{ users: 3 }, { users: 3 }] },
    tencent: { accounts: 2, usersPerAccount: 4 },
  });
  onTestFinished(() => simulator.close());
  const { path: folder, remove } = await temporaryFolder();
  onTestFinished(remove);
  const { yaml, env } = configOf(simulator, settings);
  const config = await parseConfig(stringify(yaml), join(folder, 'muster.yaml'), realRegistries, env);
  const happenings: Happening[] = [];
  const jobs: Job[] = [];
  const composed = await compose(config, {
    clock,
    observe: (happening) => happenings.push(happening),
    enqueue: async (job) => void jobs.push(job),
    probe: false,
  });
  onTestFinished(() => composed.close());
  const { stage } = composed;
  const sources = stage.accounts.map(({ provider, id }) =>
    sourceName({ provider, accountId: id, kind: 'credential-report' }),
  );
  const [aws, , alibaba, , tencent] = sources as [SourceName, SourceName, SourceName, SourceName, SourceName];
  return {
    simulator,
    clock,
    stage,
    sources,
    victims: { aws, alibaba, tencent },
    happenings,
    bring: async (source) => bring(source, stage, clock, jobs),
    everything: async () => [JSON.stringify([happenings, jobs]), ...(await textsBelow(folder))].join('\n'),
    secrets: () => secretsOf(simulator, env),
  };
}

async function bring(source: SourceName, stage: Stage, clock: MovableClock, jobs: Job[]) {
  const signal = new AbortController().signal;
  let job: CollectJob = { name: 'collect', source, due: formatInstant(clock.now()), attempt: 0 };
  for (let steps = 0; steps < 200; steps += 1) {
    const outcome = await passing(clock, collect(job, stage, signal), 20);
    if (outcome.do === 'done') return { failedFor: undefined, job: undefined };
    jobs.push(outcome.job);
    if (outcome.job.name !== 'collect') throw new Error('expected the same job again');
    if (outcome.job.attempt > 0) return { failedFor: outcome.at - clock.now(), job: outcome.job };
    job = outcome.job;
    clock.move(Math.max(0, outcome.at - clock.now()));
  }
  throw new Error('no report and no fault');
}

function configOf({ url, hub, accounts, alibaba, tencent }: Simulator, settings: Readonly<Record<string, unknown>>) {
  const base = {
    aws: { access_key: { access_key_id: '${env:AWS_ID}', secret_access_key: '${env:AWS_KEY}' } },
    alibaba: { access_key: { access_key_id: '${env:ALI_ID}', access_key_secret: '${env:ALI_KEY}' } },
    tencent: { secret: { secret_id: '${env:TC_ID}', secret_key: '${env:TC_KEY}' } },
  };
  const common = { endpoint: url, max_rps: 90, timeout: '1s', ...settings };
  const listed = (provider: keyof typeof base, seeds: readonly Seed[]) =>
    seeds.map(({ id, roleName, externalId, site }) => ({
      provider,
      account_id: id,
      ...common,
      ...(provider === 'tencent' ? { site } : {}),
      auth: { assume_role: { role: roleName, external_id: externalId, base: base[provider] } },
    }));
  const env = {
    AWS_ID: hub.accessKeyId,
    AWS_KEY: hub.secretAccessKey,
    ALI_ID: alibaba!.hub.accessKeyId,
    ALI_KEY: alibaba!.hub.accessKeySecret,
    TC_ID: tencent!.hub.secretId,
    TC_KEY: tencent!.hub.secretKey,
  };
  const all = [
    ...listed('aws', accounts),
    ...listed('alibaba', alibaba!.accounts),
    ...listed('tencent', tencent!.accounts),
  ];
  return { yaml: { archive: './archive', http: false, accounts: all }, env };
}

interface Seed {
  readonly id: string;
  readonly roleName: string;
  readonly externalId: string | undefined;
  readonly site?: string;
}

function secretsOf({ alibaba }: Simulator, env: Readonly<Record<string, string>>): readonly string[] {
  const sessions = [...alibaba!.gate.sessions.values()].flatMap(({ accessKeySecret, token }) => [
    accessKeySecret,
    token,
  ]);
  return [env['AWS_KEY']!, env['ALI_KEY']!, env['TC_KEY']!, ...sessions];
}

async function textsBelow(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  return Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(file);
      return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    }),
  );
}
