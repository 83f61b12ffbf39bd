import { onTestFinished } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import type { Attempt } from '../../src/domain/attempt.ts';
import type { Happening } from '../../src/domain/happening.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import { sourceName } from '../../src/domain/names.ts';
import type { ParsedReport, RawReport, ReportEntry } from '../../src/domain/report.ts';
import { Secret } from '../../src/kit/secret.ts';
import { alibaba } from '../../src/providers/alibaba/index.ts';
import type { Connection, Step } from '../../src/providers/provider.ts';
import type { AlibabaOptions, SimulatedAlibaba } from '../../src/simulator/alibaba/cloud.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type MovableClock, movableClock, passing } from './movable-clock.ts';
import { parsedBy, partsOf } from './raw-report.ts';

export const HOUR_MS = 3_600_000;

export interface AlibabaBench {
  readonly simulator: Simulator;
  readonly cloud: SimulatedAlibaba;
  readonly clock: MovableClock;
  readonly connection: Connection;
  readonly accountId: string;
  /** What the provider had to say. */
  readonly happenings: Happening[];
  /** By report number: answers survive a crash of the collector. */
  readonly attempts: Map<number, Attempt & { readonly kept: Map<string, Uint8Array> }>;
  connect(settings?: Readonly<Record<string, unknown>>): Promise<Connection>;
  next(head?: RawReport, state?: unknown, signal?: AbortSignal): Promise<Step>;
  /** Steps until a report is there, as the queue would, in the simulator's time. */
  collected(head?: RawReport, signal?: AbortSignal): Promise<RawReport>;
  calls(action: string): number;
}

/** The real SDK against the simulator; time stands still until somebody waits. */
export async function simulatedAlibabaBench(
  options: AlibabaOptions = {},
  settings: Readonly<Record<string, unknown>> = {},
): Promise<AlibabaBench> {
  const clock = movableClock();
  const simulator = await startSimulator({ clock, accounts: 0, buildMs: 1_000, alibaba: options });
  onTestFinished(() => simulator.close());
  const cloud = simulator.alibaba!;
  const account = cloud.accounts[0]!;
  const happenings: Happening[] = [];
  const attempts: AlibabaBench['attempts'] = new Map();
  const listed = (given: Readonly<Record<string, unknown>>): Account => ({
    provider: 'alibaba',
    id: account.id,
    name: 'prod',
    labels: {},
    reports: {},
    settings: alibaba.settings.parse(given),
  });
  const auth = { assume_role: { role: account.roleName, external_id: account.externalId, base: hubKeys(cloud) } };
  const connect = (given: Readonly<Record<string, unknown>> = {}) =>
    alibaba.connect(listed({ endpoint: simulator.url, max_rps: 90, auth, ...settings, ...given }), {
      clock,
      observe: (happening) => happenings.push(happening),
    });
  const bench: AlibabaBench = {
    simulator,
    cloud,
    clock,
    connection: await connect(),
    accountId: account.id,
    happenings,
    attempts,
    connect,
    next: (head, state, signal = new AbortController().signal) =>
      passing(
        clock,
        bench.connection.next('credential-report', {
          state,
          head: head && alibabaEntry(account.id, head),
          headParts: async (names) => new Map([...partsOf(head)].filter(([name]) => names.includes(name))),
          attempt: async () => attemptAt(bench, head === undefined ? 1 : head.generatedAt),
          everyMs: 4 * HOUR_MS,
          clock,
          signal,
        }),
        10,
      ),
    collected: (head, signal) => untilReport(bench, head, signal),
    calls: (action) => simulator.calls.list().filter((call) => call.action === action).length,
  };
  return bench;
}

export function hubKeys({ hub }: SimulatedAlibaba) {
  const secret = new Secret(hub.accessKeySecret, '${env:KEY}');
  return { access_key: { access_key_id: hub.accessKeyId, access_key_secret: secret } };
}

async function untilReport(bench: AlibabaBench, head: RawReport | undefined, signal?: AbortSignal) {
  let state: unknown;
  for (let steps = 0; steps < 200; steps += 1) {
    const step = await bench.next(head, state, signal);
    if (step.do === 'keep') return step.report;
    if (step.do === 'unchanged') throw new Error('expected a report');
    bench.clock.move(step.until - bench.clock.now());
    state = JSON.parse(JSON.stringify(step.state));
  }
  throw new Error('no report came');
}

function attemptAt({ attempts, clock }: AlibabaBench, number: number) {
  const known = attempts.get(number);
  if (known !== undefined) return known;
  const kept = new Map<string, Uint8Array>();
  const attempt = {
    startedAt: clock.now(),
    kept,
    get: async (key: string) => kept.get(key),
    put: async (key: string, bytes: Uint8Array) => {
      if (!kept.has(key)) kept.set(key, bytes);
    },
    giveUp: async () => kept.clear(),
  };
  attempts.set(number, attempt);
  return attempt;
}

export function parsedOf(report: RawReport): ParsedReport {
  return parsedBy(alibaba, 'credential-report', report);
}

/** A report as it is found in the archive later. */
export function alibabaEntry(accountId: string, report: RawReport, number = 1): ReportEntry {
  const source = sourceName({ provider: 'alibaba', accountId, kind: 'credential-report' });
  const parts = report.parts.map(({ name, bytes }) => ({ name, file: name, size: bytes.length, sha256: '' }));
  const { rows, columns } = parsedOf(report);
  return {
    source,
    number,
    generatedAt: report.generatedAt,
    collectedAt: report.collectedAt,
    sha256: `manifest-${number}`,
    manifest: {
      version: 1,
      source,
      number,
      generated_at: formatInstant(report.generatedAt),
      collected_at: formatInstant(report.collectedAt),
      origin: report.origin,
      rows,
      columns: columns.length,
      parts,
      request_ids: [],
      cut: [],
      muster: '0.1.0',
    },
  };
}
