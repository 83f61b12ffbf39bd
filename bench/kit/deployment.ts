import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lineOf, stopped } from './child.ts';

/** A simulated cloud with one account, and the configs of daemons that watch it. */
export interface Deployment {
  /** Writes a config with an empty archive of its own; resolves to the file. */
  readonly config: (folder: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

interface Described {
  readonly endpoints: { readonly iam: string };
  readonly credentials: Readonly<Record<string, string>>;
  readonly accounts: readonly {
    readonly account_id: string;
    readonly name: string;
    readonly role: string;
    readonly external_id: string;
  }[];
}

/** `build` is how long the cloud takes to make a report. */
export async function startDeployment(cli: string, users: number): Promise<Deployment> {
  const args = [cli, 'simulate', '--accounts', '1', '--users', String(users), '--build', '2s'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const described = JSON.parse(await lineOf(child, 'stdout', (line) => line.startsWith('{'))) as Described; // `muster simulate` says so
  return { config: (folder) => writeConfig(folder, described), stop: () => stopped(child) };
}

async function writeConfig(folder: string, { endpoints, credentials, accounts }: Described): Promise<string> {
  await mkdir(join(folder, 'secrets'), { recursive: true });
  for (const [name, value] of Object.entries(credentials))
    await writeFile(join(folder, 'secrets', name), value, { mode: 0o600 });
  const base = {
    access_key: {
      access_key_id: '${file:secrets/access_key_id}',
      secret_access_key: '${file:secrets/secret_access_key}',
    },
  };
  const config = {
    archive: './archive',
    http: false,
    accounts: accounts.map(({ account_id, name, role, external_id }) => ({
      provider: 'aws',
      account_id,
      name,
      endpoint: endpoints.iam,
      auth: { assume_role: { role, external_id, base } },
      reports: { 'credential-report': { every: '4h' } },
    })),
    sinks: [{ name: 'everything', type: 'file', path: './events.ndjson', format: 'plain' }],
  };
  const file = join(folder, 'muster.yaml');
  await writeFile(file, JSON.stringify(config)); // JSON is YAML
  return file;
}

export interface Daemon {
  readonly child: ChildProcess;
  /** From the start of the process to the line that says that a report is archived. */
  readonly firstReportMs: number;
}

export async function startDaemon(cli: string, config: string): Promise<Daemon> {
  const began = performance.now();
  const child = spawn(process.execPath, [cli, 'run', '--config', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  await lineOf(child, 'stderr', (line) => line.includes('"archived"'));
  return { child, firstReportMs: performance.now() - began };
}
