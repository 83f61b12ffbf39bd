import type { Command } from './io.ts';

interface Entry {
  readonly summary: string;
  /** Loaded when it is run: `muster --help` loads no command. */
  readonly load: () => Promise<Command>;
}

export const commands: Readonly<Record<string, Entry>> = {
  run: {
    summary: 'run the daemon: collect on schedule, archive, deliver',
    load: async () => (await import('./commands/run.ts')).run,
  },
  collect: {
    summary: 'collect once, deliver, exit',
    load: async () => (await import('./commands/collect.ts')).collect,
  },
  check: { summary: 'check the config', load: async () => (await import('./commands/check.ts')).check },
  doctor: {
    summary: 'try every account and sink, online',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  status: {
    summary: 'every source: its newest report, what is due, what failed, what lags',
    load: async () => (await import('./commands/status.ts')).status,
  },
  coverage: {
    summary: 'every account anybody knows of, each in one state',
    load: async () => (await import('./commands/coverage.ts')).coverage,
  },
  policy: {
    summary: 'the least-privilege policies for what the config enables',
    load: async () => (await import('./commands/policy.ts')).policy,
  },
  reports: {
    summary: 'list, show, cat, verify, accept, reject or import archived reports',
    load: async () => (await import('./commands/reports.ts')).reports,
  },
  events: {
    summary: 'what the archive means, as NDJSON',
    load: async () => (await import('./commands/events.ts')).events,
  },
  explain: {
    summary: 'the rows, reports and rules behind one event',
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  findings: { summary: 'what is wrong now', load: async () => (await import('./commands/findings.ts')).findings },
  estimate: {
    summary: 'events and GB a day for each sink, before a licence finds out',
    load: async () => (await import('./commands/estimate.ts')).estimate,
  },
  who: {
    summary: 'everything that is known of a key or an identity, in time order',
    load: async () => (await import('./commands/who.ts')).who,
  },
  unused: {
    summary: 'services and actions that nobody uses, and the policies that grant them',
    load: async () => (await import('./commands/unused.ts')).unused,
  },
  replay: { summary: 'send a period to a sink again', load: async () => (await import('./commands/replay.ts')).replay },
  'dead-letters': {
    summary: 'events that a sink refused for good: list, show, retry, drop',
    load: async () => (await import('./commands/dead-letters.ts')).deadLetters,
  },
  schema: {
    summary: 'print the JSON Schema of the config or of the events',
    load: async () => (await import('./commands/schema.ts')).schema,
  },
  simulate: {
    summary: 'a cloud on loopback, for trying things out',
    load: async () => (await import('./commands/simulate.ts')).simulate,
  },
  demo: {
    summary: 'the whole of Muster against a simulated cloud',
    load: async () => (await import('./commands/demo.ts')).demo,
  },
};
