import { expect, test } from 'vitest';
import { type SourceName, sourceName } from '../../src/domain/names.ts';
import { collect } from '../../src/pipeline/collect.ts';
import { deliver } from '../../src/pipeline/deliver.ts';
import type { Stage } from '../../src/pipeline/stage.ts';
import type { Connection } from '../../src/providers/provider.ts';
import type { Outcome } from '../../src/queue/queue.ts';
import { memoryAttempt } from '../kit/memory-attempt.ts';
import { passing } from '../kit/movable-clock.ts';
import { type TencentBench, tencentBench } from '../kit/simulated-tencent.ts';
import { HOUR, type TestStage, testStage } from '../kit/stage.ts';

const calm = new AbortController().signal;

interface Deployment {
  readonly given: TestStage;
  readonly stage: Stage;
  readonly source: SourceName;
}

/** The real pipeline and archive; a second one over the same store is a restart. */
async function deployment(bench: TencentBench, store?: TestStage['store']): Promise<Deployment> {
  const given = testStage({ clock: bench.clock, start: 'all', ...(store === undefined ? {} : { store }) });
  const connection: Connection = await bench.connect();
  const account = {
    provider: 'tencent',
    id: bench.accountId,
    name: 'shop',
    labels: {},
    reports: { 'credential-report': { everyMs: 4 * HOUR } },
    settings: {},
  };
  const stage: Stage = { ...given.stage, accounts: [account], connection: async () => connection };
  return {
    given,
    stage,
    source: sourceName({ provider: 'tencent', accountId: account.id, kind: 'credential-report' }),
  };
}

function look({ stage, source }: Deployment, bench: TencentBench, state?: unknown): Promise<Outcome> {
  return passing(bench.clock, collect({ name: 'collect', source, due: 'now', attempt: 0, state }, stage, calm));
}

test('a report goes through the archive to the sink; a restart in the middle goes on from its kept answers', async () => {
  const bench = await tencentBench({ usersPerAccount: 60 });
  const first = await deployment(bench);
  bench.simulator.faults.plant({ match: { service: 'cam', action: 'GetSecurityLastUsed' }, kind: 'reset' });
  await look(first, bench);
  expect(await first.stage.archive.head(first.source)).toBeUndefined();
  bench.simulator.faults.clear();
  bench.simulator.calls.clear();

  const restarted = await deployment(bench, first.given.store);
  await look(restarted, bench);

  expect(Object.keys(bench.counts())).toEqual(['GetSecurityLastUsed']);
  const head = await restarted.stage.archive.head(restarted.source);
  expect(head?.manifest).toMatchObject({ number: 1, origin: 'synthesised', rows: 60, columns: 26 });
  expect(head?.manifest.cut.length).toBeGreaterThan(0);
  expect([...first.given.store.objects.keys()].join()).toContain(`attempts/${first.source}/00000001/1/start.json`);
});

test('a large account hands its worker back after a shift, and asks nothing twice', async () => {
  const bench = await tencentBench({ usersPerAccount: 500 });
  const there = await deployment(bench);
  let shifts = 0;
  for (let outcome = await look(there, bench); outcome.do === 'again'; shifts += 1) {
    expect(outcome).toMatchObject({ at: bench.clock.now(), job: { state: { step: 'asking' } } });
    outcome = await look(there, bench, outcome.job.name === 'collect' ? outcome.job.state : undefined);
  }

  expect(shifts).toBeGreaterThan(0);
  expect((await there.stage.archive.head(there.source))?.manifest).toMatchObject({ number: 1, rows: 500 });
  const other = await tencentBench({ usersPerAccount: 500 });
  const old = memoryAttempt(other.clock.now() - HOUR); // so old that it is not laid aside any more
  await other.collect(await other.connect(), { attempt: async () => old });
  expect(bench.counts()).toEqual(other.counts());
});

test('what happens between two reports is told, with the key that it happened to', async () => {
  const bench = await tencentBench({ usersPerAccount: 12 });
  const there = await deployment(bench);
  await look(there, bench);
  bench.clock.move(4 * HOUR + 120_000);
  bench.change({ do: 'create_user', user: 'new.hire' });
  bench.change({ do: 'create_key', user: 'new.hire' });
  await look(there, bench);

  await deliver({ name: 'deliver', sink: 'siem', source: there.source, upTo: 2, attempt: 0 }, there.stage, calm);

  const changes = there.given.received.filter(({ kind }) => kind === 'change');
  expect(changes.map(({ type }) => type).sort()).toEqual(['access_key.created', 'user.created']);
  const key = changes.find(({ type }) => type === 'access_key.created') as { credential?: { id?: string } } | undefined;
  expect(bench.cloud.world.keyOwners.has(key?.credential?.id ?? '')).toBe(true);
  const inventory = there.given.received.find(({ kind }) => kind === 'inventory') as { data?: object } | undefined;
  expect(inventory?.data).toMatchObject({ abnormal_logins_reason: 'unknown' });
});
