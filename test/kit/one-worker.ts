import { onTestFinished } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import { formatInstant, type Instant } from '../../src/domain/instant.ts';
import { type SourceName, sourceName } from '../../src/domain/names.ts';
import type { ReportEntry } from '../../src/domain/report.ts';
import { collect } from '../../src/pipeline/collect.ts';
import type { Stage } from '../../src/pipeline/stage.ts';
import type { Connection } from '../../src/providers/provider.ts';
import { openEmbeddedQueue } from '../../src/queue/embedded.ts';
import { type MovableClock, passing } from './movable-clock.ts';
import { HOUR, testStage } from './stage.ts';

const SECOND_MS = 1_000;

export interface OneWorker {
  readonly stage: Stage;
  source(kind: string): SourceName;
  /** The key audit now, and the credential report when it is due: what both came to. */
  audited(due: Instant): Promise<{ readonly audit: ReportEntry; readonly report: ReportEntry }>;
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
  const source = (kind: string) => sourceName({ provider: account.provider, accountId: account.id, kind });
  const ask = (kind: string, due: Instant) =>
    stage.enqueue({ name: 'collect', source: source(kind), due: formatInstant(due), attempt: 0 }, due);
  const headOf = async (kind: string) => {
    for (;;) {
      const head = await stage.archive.head(source(kind));
      if (head !== undefined) return head;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const bothOf = async () => ({ audit: await headOf('key-audit'), report: await headOf('credential-report') });
  return {
    stage,
    source,
    async audited(due) {
      await ask('key-audit', clock.now());
      await ask('credential-report', due);
      return passing(clock, bothOf(), 50);
    },
  };
}
