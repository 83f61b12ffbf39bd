import { onTestFinished } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import { formatInstant, type Instant } from '../../src/domain/instant.ts';
import { type SourceName, sourceName } from '../../src/domain/names.ts';
import { collect } from '../../src/pipeline/collect.ts';
import type { Stage } from '../../src/pipeline/stage.ts';
import type { Connection } from '../../src/providers/provider.ts';
import { openEmbeddedQueue } from '../../src/queue/embedded.ts';
import type { MovableClock } from './movable-clock.ts';
import { HOUR, testStage } from './stage.ts';

const SECOND_MS = 1_000;

export interface OneWorker {
  readonly stage: Stage;
  source(kind: string): SourceName;
  /** Queues a look at this source. */
  ask(source: SourceName, due: Instant): Promise<void>;
  /** Resolves when each of these has a report. */
  reported(...sources: readonly SourceName[]): Promise<void>;
}

/** The real archive, queue and pipeline, one collection at a time: an account's audits beside its credential report. */
export async function oneWorker(account: Account, connection: Connection, clock: MovableClock): Promise<OneWorker> {
  const queue = openEmbeddedQueue({ clock, observe: () => undefined });
  onTestFinished(() => queue.close(SECOND_MS));
  const reports = { ...account.reports, 'credential-report': { everyMs: 4 * HOUR } };
  const stage: Stage = {
    ...testStage({ clock }).stage,
    accounts: [{ ...account, reports }],
    outlets: [],
    connection: async () => connection,
    isRealCloud: () => false,
    enqueue: (one, at) => queue.add(one, at),
  };
  await queue.work(async (one, signal) => (one.name === 'collect' ? collect(one, stage, signal) : { do: 'done' }), {
    plan: 1,
    collect: 1,
    deliver: 1,
  });
  return {
    stage,
    source: (kind) => sourceName({ provider: account.provider, accountId: account.id, kind }),
    ask: (source, due) => stage.enqueue({ name: 'collect', source, due: formatInstant(due), attempt: 0 }, due),
    async reported(...sources) {
      for (const source of sources)
        while ((await stage.archive.head(source)) === undefined) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
