import { cp, mkdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EVENT_KINDS } from '../../src/domain/event.ts';
import { describeSimulator } from '../../src/simulator/describe.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';

/** The folder of one case: what an operator would have, and what Muster leaves. */
export interface Home {
  readonly folder: string;
  readonly config: string;
  readonly archive: string;
  readonly events: string;
}

export interface HomeParts {
  readonly simulator: Simulator;
  readonly webhook: string;
  readonly webhookSecret: string;
  readonly every: string;
  readonly queue?: string;
}

export const FILE_SINK = 'lines';
export const WEBHOOK_SINK = 'hook';
const KINDS = EVENT_KINDS.filter((kind) => kind !== 'access');
/** What each sink asks for; the oracle reads it here. */
export const POLICIES = {
  [FILE_SINK]: { events: KINDS, inventory: 'changed+daily' },
  [WEBHOOK_SINK]: { events: KINDS, inventory: 'every' },
} as const;

export async function makeHome(folder: string, parts: HomeParts): Promise<Home> {
  await mkdir(join(folder, 'secrets'), { recursive: true, mode: 0o700 });
  await mkdir(join(folder, 'data'), { mode: 0o700 });
  const { credentials } = describeSimulator(parts.simulator);
  const secrets = { ...credentials, webhook: parts.webhookSecret };
  for (const [name, value] of Object.entries(secrets))
    await writeFile(join(folder, 'secrets', name), value, { mode: 0o600 });
  // JSON is YAML, too.
  await writeFile(join(folder, 'muster.yaml'), JSON.stringify(configOf(parts), null, 2));
  return {
    folder,
    config: join(folder, 'muster.yaml'),
    archive: join(folder, 'data', 'archive'),
    events: join(folder, 'data', 'events.ndjson'),
  };
}

/** What an earlier run left: the archive and the lines that the file sink has. */
export async function furnish(home: Home, from: Home): Promise<void> {
  await cp(from.archive, home.archive, { recursive: true, preserveTimestamps: true });
  await cp(from.events, home.events, { preserveTimestamps: true });
}

/** A killed writer's lock goes stale after half a minute: here that time has passed. */
export async function ageLock(home: Home): Promise<void> {
  const lock = `${home.events}.lock`;
  if ((await stat(lock).catch(() => undefined)) === undefined) return;
  const longAgo = Date.now() / 1_000 - 120;
  await utimes(lock, longAgo, longAgo);
}

function configOf({ simulator, webhook, every, queue }: HomeParts) {
  const { endpoints, accounts } = describeSimulator(simulator);
  const base = {
    access_key: {
      access_key_id: '${file:secrets/access_key_id}',
      secret_access_key: '${file:secrets/secret_access_key}',
    },
  };
  return {
    deployment: 'faults',
    archive: './data/archive',
    ...(queue === undefined ? {} : { queue }),
    tick: '* * * * *',
    http: false,
    accounts: accounts.map(({ provider, account_id, name, role, external_id }) => ({
      provider,
      account_id,
      name,
      labels: { env: 'faults' },
      endpoint: endpoints.iam,
      auth: { assume_role: { role, external_id, base } },
      reports: { 'credential-report': { every } },
    })),
    sinks: [
      { name: FILE_SINK, type: 'file', path: './data/events.ndjson', ...POLICIES[FILE_SINK] },
      {
        name: WEBHOOK_SINK,
        type: 'webhook',
        url: webhook,
        secret: '${file:secrets/webhook}',
        timeout: '1s',
        max_events: 10,
        start: 'all',
        ...POLICIES[WEBHOOK_SINK],
      },
    ],
  };
}
