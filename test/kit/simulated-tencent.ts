import { onTestFinished } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import type { Happening } from '../../src/domain/happening.ts';
import type { ParsedReport, RawReport, ReportEntry } from '../../src/domain/report.ts';
import { Secret } from '../../src/kit/secret.ts';
import type { Connection, Look } from '../../src/providers/provider.ts';
import { tencent } from '../../src/providers/tencent/index.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import type { SimulatedTencent, TencentOptions } from '../../src/simulator/tencent/cloud.ts';
import type { TencentMutation } from '../../src/simulator/tencent/mutate.ts';
import { memoryAttempt } from './memory-attempt.ts';
import { type MovableClock, movableClock, passing } from './movable-clock.ts';
import { parsedBy, partsOf } from './raw-report.ts';

const HOUR_MS = 3_600_000;

export interface TencentBench {
  readonly simulator: Simulator;
  readonly cloud: SimulatedTencent;
  readonly clock: MovableClock;
  readonly accountId: string;
  readonly said: Happening[];
  change(mutation: Omit<TencentMutation, 'account'>): void;
  connect(settings?: object): Promise<Connection>;
  /** Looks by this connection until it has a report, its time passing as fast as it can. */
  collect(connection: Connection, look?: Partial<Look>): Promise<RawReport>;
  /** Of CAM, by action. */
  counts(): Readonly<Record<string, number>>;
}

/** Tencent Cloud on loopback, the real SDK, and time that passes only while somebody waits for it. */
export async function tencentBench(options: TencentOptions = {}): Promise<TencentBench> {
  const clock = movableClock();
  const simulator = await startSimulator({ clock, accounts: 0, tencent: { accounts: 1, ...options } });
  onTestFinished(() => simulator.close());
  const cloud = simulator.tencent!;
  const [listed] = cloud.accounts;
  const said: Happening[] = [];
  return {
    simulator,
    cloud,
    clock,
    accountId: listed!.id,
    said,
    change: (mutation) => cloud.change({ account: listed!.id, ...mutation }),
    async connect(settings = {}) {
      const account: Account = {
        provider: 'tencent',
        id: listed!.id,
        name: 'shop',
        labels: {},
        reports: {},
        settings: tencent.settings.parse({ ...wayIn(simulator), site: listed!.site, ...settings }),
      };
      const connection = await tencent.connect(account, { clock, observe: (happening) => said.push(happening) });
      onTestFinished(() => connection.close());
      return connection;
    },
    async collect(connection, look = {}) {
      const attempt = memoryAttempt(clock.now());
      for (let state: unknown; ; ) {
        const step = await passing(
          clock,
          connection.next('credential-report', {
            state,
            head: undefined,
            headParts: async () => new Map(),
            everyMs: 4 * HOUR_MS,
            clock,
            signal: new AbortController().signal,
            attempt: async () => attempt,
            ...look,
          }),
        );
        if (step.do === 'keep') return step.report;
        if (step.do === 'unchanged') throw new Error('expected a report, not unchanged');
        state = step.state; // a shift is over
      }
    },
    counts() {
      const counts: Record<string, number> = {};
      for (const { service, action } of simulator.calls.list())
        if (service === 'cam') counts[action] = (counts[action] ?? 0) + 1;
      return counts;
    },
  };
}

export function wayIn(simulator: Simulator): { readonly endpoint: string; readonly auth: object } {
  const { hub, accounts } = simulator.tencent!;
  const base = { secret: { secret_id: hub.secretId, secret_key: new Secret(hub.secretKey, '${env:KEY}') } };
  const { roleName: role, externalId: external_id } = accounts[0]!;
  return { endpoint: simulator.url, auth: { assume_role: { role, external_id, base } } };
}

export function parsed(report: RawReport): ParsedReport {
  return parsedBy(tencent, 'credential-report', report);
}

/** As much of a head as collecting looks at. */
export function headOf(report: RawReport): Partial<Look> {
  const rows = parsed(report).rows;
  const head = { generatedAt: report.generatedAt, manifest: { rows } } as ReportEntry; // nothing else is looked at
  return { head, headParts: async () => partsOf(report) };
}
