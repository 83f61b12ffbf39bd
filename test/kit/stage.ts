import { openArchive } from '../../src/archive/archive.ts';
import { completeRules } from '../../src/derive/checks/registry.ts';
import { CHANGE_DEFAULTS } from '../../src/derive/severity.ts';
import type { Account } from '../../src/domain/account.ts';
import { ALL_DUTIES } from '../../src/domain/duties.ts';
import { EVENT_KINDS } from '../../src/domain/event.ts';
import { Fault } from '../../src/domain/fault.ts';
import type { Happening } from '../../src/domain/happening.ts';
import { parseSinkName, type SourceName, sourceName } from '../../src/domain/names.ts';
import type { RawReport } from '../../src/domain/report.ts';
import { formats } from '../../src/formats/registry.ts';
import { writeJson } from '../../src/kit/json-bytes.ts';
import { Slots } from '../../src/kit/slots.ts';
import type { Outlet, Stage } from '../../src/pipeline/stage.ts';
import type { Connection, Step } from '../../src/providers/provider.ts';
import { providers } from '../../src/providers/registry.ts';
import type { Job } from '../../src/queue/queue.ts';
import type { Encoded, SendOutcome } from '../../src/sinks/sink.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';
import { type MovableClock, movableClock } from './movable-clock.ts';

export const HOUR = 3_600_000;
export const ACCOUNT = '123456789012';
export const AWS_SOURCE: SourceName = sourceName({ provider: 'aws', accountId: ACCOUNT, kind: 'credential-report' });

export interface TestStage {
  readonly stage: Stage;
  readonly store: MemoryStore;
  readonly clock: MovableClock;
  readonly happenings: Happening[];
  readonly queued: { readonly job: Job; readonly at: number }[];
  /** What the cloud answers next, oldest first; an Error is thrown. */
  readonly steps: (Step | Error)[];
  /** What the cloud was asked. */
  readonly looks: unknown[];
  identity: { accountId: string; principal: string };
  /** Events that the sink has, as it got them. */
  readonly received: { id: string; kind: string; type: string }[];
  /** What the sink does with the next batches; after them it takes everything. */
  readonly answers: ((batch: readonly Encoded[]) => SendOutcome)[];
}

/** The real archive on a store in memory, the real AWS parser, a scripted cloud and a sink that remembers. */
export function testStage(
  options: { readonly store?: MemoryStore; readonly clock?: MovableClock; readonly start?: string } = {},
): TestStage {
  const clock = options.clock ?? movableClock();
  const store = options.store ?? memoryStore();
  const test: Omit<TestStage, 'stage'> = {
    store,
    clock,
    happenings: [],
    queued: [],
    steps: [],
    looks: [],
    identity: { accountId: ACCOUNT, principal: `arn:aws:sts::${ACCOUNT}:assumed-role/muster-audit/muster` },
    received: [],
    answers: [],
  };
  const account: Account = {
    provider: 'aws',
    id: ACCOUNT,
    name: 'prod',
    labels: { env: 'prod' },
    reports: { 'credential-report': { everyMs: 4 * HOUR } },
    settings: {},
  };
  const stage: Stage = {
    deployment: 'default',
    version: '0.1.0',
    duties: ALL_DUTIES,
    tickMs: 600_000,
    accounts: [account],
    organizations: [],
    readAccountFiles: async () => [],
    rules: completeRules({}),
    exceptions: [],
    changes: CHANGE_DEFAULTS,
    archive: openArchive(store, { clock }),
    clock,
    observe: (happening) => test.happenings.push(happening),
    outlets: [outlet(test, options.start ?? 'now')],
    kind: (source) =>
      providers.find(({ name }) => source.startsWith(`${name}/`))?.kinds[source.slice(source.lastIndexOf('/') + 1)],
    isRealCloud: () => true,
    connection: async () => connection(test),
    directory: () => Promise.reject(new Error('the test has no organisation')),
    memberSettings: () => ({}),
    enqueue: async (job, at) => void test.queued.push({ job, at }),
    progress: new Map(),
    pauses: new Map(),
    refusals: new Map(),
    desks: new Slots(1),
    said: new Map(),
  };
  return Object.assign(test, { stage });
}

function connection(test: Omit<TestStage, 'stage'>): Connection {
  return {
    identify: async () => test.identity,
    probe: async () => [],
    next: async (_kind, look) => {
      test.looks.push(look.state);
      const step = test.steps.shift();
      if (step === undefined) throw new Error('the test did not expect the cloud to be asked');
      if (step instanceof Error) throw step;
      return step;
    },
    close: () => undefined,
  };
}

function outlet(test: Omit<TestStage, 'stage'>, start: string): Outlet {
  const name = parseSinkName('siem');
  const format = formats.find((one) => one.name === 'plain');
  if (name === undefined || format === undefined) throw new Fault('misconfigured', 'the kit is broken');
  const take = (batch: readonly Encoded[]): SendOutcome => ({ delivered: batch, rejected: [] });
  return {
    name,
    target: 'memory',
    start,
    format,
    policy: { events: [...EVENT_KINDS], inventory: 'changed+daily', findings: 'changed+daily' },
    open: async () => ({
      limits: { maxEvents: 3, maxBytes: 100_000 },
      check: async () => undefined,
      close: async () => undefined,
      send: async (batch) => {
        const outcome = (test.answers.shift() ?? take)(batch);
        for (const { text } of outcome.delivered) test.received.push(JSON.parse(text) as TestStage['received'][number]);
        return outcome;
      },
    }),
  };
}

const HEADER =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated';

/** The live form of an AWS report: root, and these users with one old active key each. */
export function csvOf(users: readonly string[]): string {
  const rest = 'N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A';
  const root = `<root_account>,arn:aws:iam::${ACCOUNT}:root,2019-01-01T00:00:00Z,false,N/A,N/A,not_supported,true,false,N/A,${rest}`;
  const row = (name: string) =>
    `${name},arn:aws:iam::${ACCOUNT}:user/${name},2026-01-01T00:00:00Z,false,N/A,N/A,N/A,false,true,2026-01-01T00:00:01Z,${rest}`;
  return [HEADER, root, ...users.map(row)].join('\n');
}

export function rawReport(generatedAt: number, csv: string): RawReport {
  return {
    generatedAt,
    collectedAt: generatedAt + 2_000,
    origin: 'provider',
    parts: [{ name: 'report.csv', bytes: Buffer.from(csv) }],
    requestIds: ['r-1'],
    notVisible: [],
  };
}

/** With what the cloud's own summary of the account counts, where it was asked. */
export function counted(generatedAt: number, users: number | undefined) {
  const report = rawReport(generatedAt, csvOf(['ann']));
  if (users === undefined) return report;
  const bytes = writeJson({ version: 1, asked_at: '2026-01-01T00:00:00Z', users });
  return { ...report, parts: [...report.parts, { name: 'account-summary.json', bytes }] };
}
