import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { collect } from '../../src/cli/commands/collect.ts';
import { readConfig, type Session, withSession } from '../../src/cli/session.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { HEALTH_PART, type Health } from '../../src/domain/health.ts';
import { healthSource } from '../../src/pipeline/health.ts';
import { cliIo } from './cli-io.ts';
import { eventsIn } from './deployment.ts';
import { temporaryFolder } from './folder.ts';
import type { ReceivedEvent } from './received-events.ts';

export type Environment = Readonly<Record<string, string>>;

/** A folder with a muster.yaml and one file sink, in which `muster collect` runs inside the test. */
export interface CollectingFolder {
  collect(more?: Environment, names?: readonly string[]): Promise<Collected>;
  look<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** As it was filed last. */
  health(): Promise<Health>;
  events(): Promise<readonly ReceivedEvent[]>;
  /** Of the accounts' reports. */
  summaries(): Promise<readonly ReceivedEvent[]>;
  remove(): Promise<void>;
}

interface Collected {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function collectingFolder(config: object, env: Environment, clock: Clock): Promise<CollectingFolder> {
  const { path, remove } = await temporaryFolder();
  const sink = { name: 'all', type: 'file', path: './events.ndjson', rotate_daily: false };
  await writeFile(
    join(path, 'muster.yaml'),
    stringify({ archive: './archive', http: false, sinks: [sink], ...config }),
  );
  const folder: CollectingFolder = {
    async collect(more = {}, names = []) {
      const io = cliIo(path, clock, { ...env, ...more });
      const code = await collect.run([...names, '--now'], io);
      return { code, ...io.said };
    },
    look: (work) => withSession(cliIo(path, clock, env), undefined, work),
    health: async () => {
      const { deployment } = await readConfig(cliIo(path, clock, env), undefined);
      return folder.look(async ({ archive }) => {
        const head = await archive.head(healthSource(deployment));
        const bytes = head && (await archive.parts(head, [HEALTH_PART])).get(HEALTH_PART);
        return JSON.parse(new TextDecoder().decode(bytes)) as Health;
      });
    },
    events: () => eventsIn(join(path, 'events.ndjson')),
    summaries: async () =>
      (await folder.events()).filter(({ type, account }) => type === 'summary.report' && account.id !== 'default'),
    remove,
  };
  return folder;
}
