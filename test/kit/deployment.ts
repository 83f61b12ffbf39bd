import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import type { Instant } from '../../src/domain/instant.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { type CliResult, muster } from './cli.ts';
import { type Daemon, startDaemon } from './daemon.ts';
import { temporaryFolder } from './folder.ts';
import type { ReceivedEvent } from './received-events.ts';

export interface DeploymentOptions {
  readonly simulator: Simulator;
  /** Keys of muster.yaml; they win over the defaults here. */
  readonly yaml?: Readonly<Record<string, unknown>>;
  /** More keys of each account. */
  readonly account?: Readonly<Record<string, unknown>>;
  /** Accounts of the simulator that are listed; all by default. */
  readonly accounts?: readonly string[];
  readonly every?: string;
  readonly sinks?: readonly Readonly<Record<string, unknown>>[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A folder with a muster.yaml that points at a simulator, and the built command in it. */
export interface Deployment {
  readonly folder: string;
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<CliResult>;
  readonly daemon: (options?: RunOptions & { readonly args?: readonly string[] }) => Promise<Daemon>;
  /** The parsed lines of the file sink, as they stand there. */
  readonly events: () => Promise<readonly ReceivedEvent[]>;
  /** Keys of the archive's objects, in order. */
  readonly objects: () => Promise<readonly string[]>;
  readonly configure: (change: Partial<DeploymentOptions>) => Promise<void>;
  readonly remove: () => Promise<void>;
}

export interface RunOptions {
  readonly at?: Instant | undefined;
  readonly env?: Readonly<Record<string, string>>;
}

export const FILE_SINK = {
  name: 'everything',
  type: 'file',
  path: './events.ndjson',
  rotate_daily: false,
  inventory: 'every',
};

export async function deployment(given: DeploymentOptions): Promise<Deployment> {
  const { path: folder, remove } = await temporaryFolder();
  let options = given;
  const write = () => writeFile(join(folder, 'muster.yaml'), stringify(configOf(options)));
  await write();
  const { hub, clock } = given.simulator;
  const outside = (run: RunOptions) => ({
    cwd: folder,
    // The command lives in the simulator's time, unless a test says otherwise.
    at: 'at' in run ? run.at : clock.now(),
    env: { SIM_KEY_ID: hub.accessKeyId, SIM_SECRET: hub.secretAccessKey, ...options.env, ...run.env },
  });
  return {
    folder,
    run: (args, run = {}) => muster(args, outside(run)),
    daemon: ({ args = [], ...run } = {}) => startDaemon(args, outside(run)),
    events: () => eventsIn(join(folder, 'events.ndjson')),
    objects: () => filesBelow(join(folder, 'archive')),
    async configure(change) {
      options = { ...options, ...change };
      await write();
    },
    remove,
  };
}

function configOf({
  simulator,
  yaml,
  account,
  accounts,
  every = '4h',
  sinks = [FILE_SINK],
}: DeploymentOptions): object {
  const base = { access_key: { access_key_id: '${env:SIM_KEY_ID}', secret_access_key: '${env:SIM_SECRET}' } };
  const listed = simulator.accounts.filter(({ id }) => accounts?.includes(id) ?? true);
  return {
    archive: './archive',
    http: false,
    accounts: listed.map(({ id, name, roleName, externalId }) => ({
      provider: 'aws',
      account_id: id,
      name,
      labels: { env: 'test' },
      endpoint: simulator.url,
      max_rps: 100,
      auth: { assume_role: { role: roleName, external_id: externalId, base } },
      reports: { 'credential-report': { every } },
      ...account,
    })),
    sinks,
    ...yaml,
  };
}

export async function eventsIn(file: string): Promise<readonly ReceivedEvent[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1); // a line that is being written is not there yet
  return whole.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as ReceivedEvent]));
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return found
    .filter((one) => one.isFile())
    .map((one) => relative(folder, join(one.parentPath, one.name)))
    .sort();
}
