import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeSimulator } from '../../src/simulator/describe.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';

const DEPLOYMENT = 'politeness';

/** What BullMQ's keys begin with. */
export const REDIS_PREFIX = `{muster-${DEPLOYMENT}}`;

/** One config that all workers share; only summaries are delivered, to each worker's stdout. */
export async function writeConfig(folder: string, simulator: Simulator, redisUrl: string): Promise<string> {
  const { credentials, endpoints, accounts } = describeSimulator(simulator);
  await mkdir(join(folder, 'secrets'), { recursive: true, mode: 0o700 });
  for (const [name, value] of Object.entries(credentials)) {
    await writeFile(join(folder, 'secrets', name), value, { mode: 0o600 });
  }
  const base = {
    access_key: {
      access_key_id: '${file:secrets/access_key_id}',
      secret_access_key: '${file:secrets/secret_access_key}',
    },
  };
  const config = {
    deployment: DEPLOYMENT,
    archive: './archive',
    queue: redisUrl,
    tick: '*/10 * * * *',
    http: false,
    accounts: accounts.map(({ provider, account_id, name, role, external_id }) => ({
      provider,
      account_id,
      name,
      endpoint: endpoints.iam,
      auth: { assume_role: { role, external_id, base } },
      reports: { 'credential-report': { every: '4h' } },
    })),
    sinks: [{ name: 'out', type: 'stdout', format: 'plain', events: ['summary'], start: 'all' }],
  };
  const file = join(folder, 'muster.yaml');
  await writeFile(file, JSON.stringify(config, null, 1)); // JSON is YAML, too
  return file;
}

/** One report as it lies in the archive, read without any code of Muster's. */
export interface HeldReport {
  readonly account: string;
  readonly number: number;
  readonly generatedAt: number;
  readonly collectedAt: number;
  /** Of the machine's clock: when the manifest was written. */
  readonly writtenAt: number;
  readonly csvSha256: string;
}

export async function readHeld(folder: string): Promise<readonly HeldReport[]> {
  const root = join(folder, 'archive', 'sources', 'aws');
  const held: HeldReport[] = [];
  for (const account of await readdir(root).catch(() => [])) {
    const chain = join(root, account, 'credential-report');
    for (const number of (await readdir(chain)).toSorted()) {
      const report = await readManifest(join(chain, number, 'manifest.json'));
      if (report !== undefined) held.push({ account, number: Number(number), ...report });
    }
  }
  return held;
}

async function readManifest(path: string) {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined; // parts without a manifest never happened
  const manifest = JSON.parse(text) as {
    readonly generated_at: string;
    readonly collected_at: string;
    readonly parts: readonly { readonly name: string; readonly sha256: string }[];
  };
  return {
    generatedAt: Date.parse(manifest.generated_at),
    collectedAt: Date.parse(manifest.collected_at),
    writtenAt: (await stat(path)).mtimeMs,
    csvSha256: manifest.parts.find(({ name }) => name === 'report.csv')?.sha256 ?? '',
  };
}
