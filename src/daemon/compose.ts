import { availableParallelism } from 'node:os';
import { openArchive } from '../archive/archive.ts';
import { openStore } from '../archive/open-store.ts';
import type { Archive } from '../archive/port.ts';
import { probeStore } from '../archive/probe.ts';
import type { Store } from '../archive/store.ts';
import type { Config, SinkConfig } from '../config/config.ts';
import type { Clock } from '../domain/clock.ts';
import { ALL_DUTIES, type Duties } from '../domain/duties.ts';
import { Fault } from '../domain/fault.ts';
import type { Observe } from '../domain/happening.ts';
import { HEALTH_KIND } from '../domain/health.ts';
import type { Instant } from '../domain/instant.ts';
import { splitSource } from '../domain/names.ts';
import { formats } from '../formats/registry.ts';
import { Releasers } from '../kit/releasers.ts';
import { Slots } from '../kit/slots.ts';
import { VERSION } from '../kit/version.ts';
import type { Outlet, Stage } from '../pipeline/stage.ts';
import type { ReportKind } from '../providers/provider.ts';
import { providers } from '../providers/registry.ts';
import type { Job } from '../queue/queue.ts';
import { sinkPlugins } from '../sinks/registry.ts';
import type { Sink } from '../sinks/sink.ts';
import { connectionsOf, directoriesOf, organizationPlugin } from './connections.ts';
import { tickMs } from './schedule.ts';

/** One of 5,000 users of AWS peaks at 100 MB. */
const REPORTS_AT_ONCE = 4 * Math.min(2, availableParallelism());

export interface Composed {
  readonly stage: Stage;
  readonly store: Store;
  readonly archive: Archive;
  close(): Promise<void>;
}

export interface ComposeTools {
  readonly clock: Clock;
  readonly observe: Observe;
  /** Where jobs go: a queue, or nowhere in a one-shot command. */
  readonly enqueue: (job: Job, at: Instant) => Promise<void>;
  /** Prove that the store refuses a second create: before anything is written to it. */
  readonly probe: boolean;
  /** The config was read for these. */
  readonly duties?: Duties;
}

/** Where parts meet: the only place that knows them all. */
export async function compose(config: Config, tools: ComposeTools): Promise<Composed> {
  const releasers = new Releasers();
  const { duties = ALL_DUTIES } = tools;
  const store = await openStore(config.archive);
  releasers.push(() => store.close());
  if (tools.probe) await probeStore(store);
  const archive = openArchive(store, {
    clock: tools.clock,
    onDamage: (key, what) => tools.observe({ kind: 'warning', message: `${key}: ${what}` }),
  });
  const connections = connectionsOf(tools, releasers);
  let { accounts } = config;
  const stage: Stage = {
    deployment: config.deployment,
    version: VERSION,
    duties,
    tickMs: tickMs(config.tick),
    get accounts() {
      return accounts;
    },
    async readAccountFiles() {
      if (config.accountFiles === undefined) return [];
      const read = await config.accountFiles.read();
      accounts = read.accounts;
      return read.broken;
    },
    organizations: config.organizations,
    rules: config.rules,
    exceptions: config.exceptions,
    changes: config.changes,
    archive,
    clock: tools.clock,
    observe: tools.observe,
    outlets: config.sinks.map((sink) => (duties.delivers ? outletOf(sink, tools, releasers) : closedOutlet(sink))),
    kind: (source) => {
      const { provider, kind } = splitSource(source);
      return kind === HEALTH_KIND ? undefined : kindOf(provider, kind);
    },
    isRealCloud: ({ provider, settings }) =>
      providers.find(({ name }) => name === provider)?.isRealCloud(settings) ?? true,
    connection: connections,
    directory: directoriesOf(tools, releasers),
    memberSettings: (organization, accountId) => organizationPlugin(organization).member(organization, accountId),
    enqueue: tools.enqueue,
    ...ofThisProcess(),
  };
  return { stage, store, archive, close: () => releasers.release() };
}

function ofThisProcess(): Pick<Stage, 'progress' | 'pauses' | 'refusals' | 'said' | 'desks'> {
  return {
    progress: new Map(),
    pauses: new Map(),
    refusals: new Map(),
    said: new Map(),
    desks: new Slots(REPORTS_AT_ONCE),
  };
}

function kindOf(provider: string, kind: string): ReportKind | undefined {
  return providers.find(({ name }) => name === provider)?.kinds[kind];
}

function outletOf(sink: SinkConfig, tools: Pick<ComposeTools, 'clock' | 'observe'>, releasers: Releasers): Outlet {
  const plugin = sinkPlugins.find(({ type }) => type === sink.type);
  if (plugin === undefined) throw new Fault('misconfigured', `sink ${sink.name}: no type ${sink.type}`);
  let opened: Promise<Sink> | undefined;
  const open = async () => {
    const made = await plugin.open(sink.settings, { name: sink.name, clock: tools.clock, observe: tools.observe });
    releasers.push(() => made.close());
    return made;
  };
  return {
    ...describedOutlet(sink),
    target: plugin.target(sink.settings),
    open: () => {
      opened ??= open().catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      return opened;
    },
  };
}

/** Of a process that does not deliver: it knows that there is this sink, and not how to reach it. */
function closedOutlet(sink: SinkConfig): Outlet {
  const refuse = () => Promise.reject(new Fault('misconfigured', `sink ${sink.name}: this process does not deliver`));
  return { ...describedOutlet(sink), target: '', open: refuse };
}

function describedOutlet({ name, start, format: wanted, events, inventory, findings }: SinkConfig) {
  const format = formats.find((one) => one.name === wanted);
  if (format === undefined) throw new Fault('misconfigured', `sink ${name}: no format ${wanted}`);
  return { name, start, format, policy: { events, inventory, findings } };
}
