import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { makeFolder } from '../../archive/make-folder.ts';
import { formatDuration } from '../../kit/duration.ts';
import { describeSimulator } from '../../simulator/describe.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { UsageError } from '../io.ts';
import { cloudsBesideAws } from './clouds.ts';

const HEADER = `# Written by muster demo: the accounts live in a simulator on loopback that is gone when the demo ends.
# What was collected stays: try muster status, events, findings, explain and reports verify with this file.
`;

/** The folder that a demo leaves behind: `muster.yaml`, `archive/`, `events.ndjson`. */
export async function writeDemoFolder(
  folder: string,
  simulator: Simulator,
  everyMs: number,
  audited: string,
): Promise<string> {
  await makeFolder(folder).catch((error: unknown) => {
    throw new UsageError(`--dir ${folder} cannot be made: ${error instanceof Error ? error.message : 'unknown'}`);
  });
  if ((await readdir(folder)).length > 0) throw new UsageError(`${folder} is not empty: give --dir a new folder`);
  const { credentials } = describeSimulator(simulator);
  const beside = cloudsBesideAws(simulator);
  await mkdir(join(folder, 'secrets'), { mode: 0o700 });
  for (const [name, value] of Object.entries({ ...credentials, ...beside.secrets }))
    await writeFile(join(folder, 'secrets', name), value, { mode: 0o600 });
  const file = join(folder, 'muster.yaml');
  const yaml = stringify(configOf(simulator, beside.accounts, everyMs, audited), {
    defaultStringType: 'PLAIN',
    aliasDuplicateObjects: false,
  });
  await writeFile(file, HEADER + yaml);
  return file;
}

const HUB = {
  access_key: {
    access_key_id: '${file:secrets/access_key_id}',
    secret_access_key: '${file:secrets/secret_access_key}',
  },
};

const SINK = {
  name: 'everything',
  type: 'file',
  path: './events.ndjson',
  format: 'plain',
  events: ['inventory', 'change', 'finding', 'access', 'health', 'summary'],
};

/** The members of the simulated organisation through one entry, all other accounts one by one. */
function configOf(simulator: Simulator, beside: readonly object[], everyMs: number, audited: string): object {
  const { endpoints, accounts } = describeSimulator(simulator);
  const { members } = simulator.world.organization;
  const [{ role, external_id } = { role: '', external_id: '' }] = accounts;
  const every = formatDuration(everyMs);
  const ours = { labels: { env: 'demo' }, reports: { 'credential-report': { every } } };
  const assume_role = { role, external_id, base: HUB };
  return {
    deployment: 'demo',
    archive: './archive',
    http: false,
    checks: { 'key.many_places': { max_networks: 2 } },
    defaults: { aws: { endpoint: endpoints.iam, auth: { assume_role } } },
    accounts: [
      ...accounts
        .filter(({ account_id }) => !members.has(account_id))
        .map(({ provider, account_id, name }) => ({ provider, account_id, name })),
      ...beside,
    ].map((account) => ({
      ...account,
      ...ours,
      ...('account_id' in account && account.account_id === audited ? auditsOf(every) : {}),
    })),
    organizations: [
      {
        provider: 'aws',
        name: 'example',
        auth: HUB,
        role,
        external_id,
        endpoint: endpoints.iam,
        management_account: false,
        labels_from_tags: ['bu'],
        ...ours,
      },
    ],
    sinks: [SINK],
  };
}

/** In the demo more of it at once than a real cloud would like. */
function auditsOf(every: string): object {
  return {
    max_rps: 100,
    reports: {
      'credential-report': { every },
      'access-audit': { every: '1h', jobs: 50 },
      'key-audit': { every, regions: ['us-east-1', 'eu-central-1'] },
    },
  };
}
