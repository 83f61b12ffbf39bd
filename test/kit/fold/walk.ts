import { findingsOf, type OpenRow } from '../../../src/cli/open-findings.ts';
import type { Session } from '../../../src/cli/session.ts';
import type { Account } from '../../../src/domain/account.ts';
import { EVENT_KINDS } from '../../../src/domain/event.ts';
import { Fault } from '../../../src/domain/fault.ts';
import { parseSinkName, type SourceName, sourceName, splitSource } from '../../../src/domain/names.ts';
import type { Member, Organization } from '../../../src/domain/organization.ts';
import type { RawReport } from '../../../src/domain/report.ts';
import type { Format } from '../../../src/formats/format.ts';
import { formats } from '../../../src/formats/registry.ts';
import { deliver } from '../../../src/pipeline/deliver.ts';
import type { Outlet, Stage } from '../../../src/pipeline/stage.ts';
import type { Random } from '../../../src/simulator/random.ts';
import type { Encoded } from '../../../src/sinks/sink.ts';
import { DAY } from '../records.ts';
import { HOUR, type TestStage, testStage } from '../stage.ts';
import { type People, settle } from './people.ts';
import { type Heard, hear, isFoldable } from './receiver.ts';

export const calm = new AbortController().signal;

/** One sink of one format, and all that it was ever sent of findings. */
export interface Receiver {
  readonly format: Format;
  readonly outlet: { -readonly [K in keyof Outlet]: Outlet[K] };
  /** By source, since the beginning; and what has not been folded yet. */
  readonly all: Map<SourceName, Heard[]>;
  readonly fresh: Map<SourceName, Heard[]>;
  readonly held: Map<SourceName, Map<string, string>>;
}

/** A company with an account in each cloud, one of them a member of an organisation, and a sink of every format. */
export interface Walk {
  readonly given: TestStage;
  readonly stage: { -readonly [K in keyof Stage]: Stage[K] };
  readonly random: Random;
  readonly people: Map<string, People>;
  readonly receivers: readonly Receiver[];
  /** What the next look at this source finds. */
  readonly answers: Map<SourceName, RawReport>;
  members: Member[];
  /** Objects of the archive are lost: then no sink lags and none begins anew, for a report that is lost cannot be sent. */
  readonly isFragile: boolean;
  /** Everything that was done, for whoever has to find out why it failed. */
  readonly diary: string[];
}

const IDS = { aws: '123456789012', alibaba: '1234567890123456', tencent: '100000000001' } as const;
const USERS = { aws: 30, alibaba: 9, tencent: 9 } as const;
const AUDITS = { 'access-audit': { everyMs: DAY }, 'key-audit': { everyMs: DAY } };
const REPORTS = { 'credential-report': { everyMs: 4 * HOUR }, ...AUDITS };
const ORGANIZATION: Organization = {
  provider: 'aws',
  name: 'main',
  members: 'all',
  managementAccount: true,
  labels: { bu: 'retail' },
  labelsFromTags: ['env'],
  exclude: [],
  reports: REPORTS,
  settings: {},
};

export function newWalk(random: Random, { isFragile = false } = {}): Walk {
  const given = testStage();
  const now = given.clock.now();
  const stage = given.stage as Walk['stage'];
  const walk: Walk = {
    given,
    stage,
    random,
    people: new Map(
      Object.entries(IDS).map(([cloud]) => [cloud, settle(USERS[cloud as keyof typeof USERS], now, random)]),
    ),
    receivers: formats.filter(isFoldable).map((format, index) => receiver(format, index, random)),
    answers: new Map(),
    members: [memberOf('prod')],
    isFragile,
    diary: [],
  };
  return Object.assign(walk, { stage: Object.assign(stage, scenery(walk)) });
}

function scenery(walk: Walk): Partial<Stage> {
  return {
    accounts: [yamlAccount('alibaba', REPORTS), yamlAccount('tencent', { ...REPORTS, ...IMPORT })],
    organizations: [ORGANIZATION],
    outlets: walk.receivers.map(({ outlet }) => outlet),
    directory: async () => ({ list: async () => walk.members, close: () => undefined }),
    connection: async (account) => ({
      identify: async () => ({ accountId: account.id, principal: 'muster' }),
      probe: async () => [],
      close: () => undefined,
      next: async (kind) => {
        const report = walk.answers.get(sourceName({ provider: account.provider, accountId: account.id, kind }));
        if (report === undefined) throw new Error('the walk did not expect the cloud to be asked');
        return { do: 'keep', report };
      },
    }),
  };
}

const IMPORT = { 'credential-report-import': { everyMs: DAY } };

function yamlAccount(provider: 'alibaba' | 'tencent', reports: Account['reports']): Account {
  return { provider, id: IDS[provider], name: provider, labels: { env: 'prod' }, reports, settings: {} };
}

export function memberOf(name: string, tags: Readonly<Record<string, string>> = { env: 'prod' }): Member {
  return { id: IDS.aws, name, state: 'active', isManagement: false, tags };
}

function receiver(format: Format, index: number, random: Random): Receiver {
  const name = parseSinkName(`siem-${index}`);
  if (name === undefined) throw new Error('the kit is broken');
  const [all, fresh] = [new Map<SourceName, Heard[]>(), new Map<SourceName, Heard[]>()];
  const take = ({ text }: Encoded) => {
    const heard = hear(format, text);
    if (heard === undefined) return;
    const source = heard.source as SourceName; // from a report of ours
    for (const list of [all, fresh]) list.set(source, [...(list.get(source) ?? []), heard]);
  };
  const outlet: Outlet = {
    name,
    target: 'memory',
    start: random.pick(['now', 'all']),
    format,
    policy: { events: [...EVENT_KINDS], inventory: 'changed', findings: 'changed+daily' },
    open: async () => ({
      limits: { maxEvents: 40, maxBytes: 1_000_000 },
      check: async () => undefined,
      close: async () => undefined,
      send: async (batch) => {
        const arrived = random.chance(0.05) ? batch.slice(0, random.below(batch.length + 1)) : batch;
        for (const one of arrived) take(one);
        if (arrived.length === batch.length) return { delivered: batch, rejected: [] };
        throw new Error('the line is cut'); // nobody knows what arrived: all of the batch comes again
      },
    }),
  };
  return { format, outlet, all, fresh, held: new Map() };
}

/** Until this sink is at the head, however often the line is cut; a process that dies forgets how far it was. */
export async function bringUp({ outlet }: Receiver, source: SourceName, { stage, random }: Walk): Promise<void> {
  const head = await stage.archive.head(source);
  if (head === undefined) return;
  for (;;) {
    try {
      const job = { name: 'deliver', sink: outlet.name, source, upTo: head.number, attempt: 0 } as const;
      const outcome = await deliver(job, stage, calm);
      if (outcome.do !== 'done') throw new Error(`it was not delivered: ${JSON.stringify(outcome)}`);
      return;
    } catch (error) {
      if (!(error instanceof Error) || error.message !== 'the line is cut') throw error;
      if (random.chance(0.5)) stage.progress.clear();
    }
  }
}

/** What `muster findings --json` has of this source; undefined when its newest report is damaged. */
export async function listedOf({ stage }: Walk, source: SourceName): Promise<readonly OpenRow[] | undefined> {
  try {
    return (await findingsOf({ archive: stage.archive } as Session, source))?.open ?? [];
  } catch (error) {
    if (error instanceof Fault && error.kind === 'malformed') return undefined;
    throw error;
  }
}

export function cloudOf(source: SourceName): string {
  return splitSource(source).provider;
}
