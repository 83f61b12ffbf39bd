import { onTestFinished } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import type { Attempt } from '../../src/domain/attempt.ts';
import type { Happening } from '../../src/domain/happening.ts';
import type { ParsedReport, RawReport, ReportEntry } from '../../src/domain/report.ts';
import { Secret } from '../../src/kit/secret.ts';
import { atOnce } from '../../src/kit/steps.ts';
import { aws } from '../../src/providers/aws/index.ts';
import type { Connection, Look } from '../../src/providers/provider.ts';
import { type Activity, act } from '../../src/simulator/aws/activity.ts';
import { changeAudit } from '../../src/simulator/aws/audit-changes.ts';
import type { SimulatedAccount } from '../../src/simulator/aws/model.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/simulator.ts';
import { memoryAttempt, mortal } from './memory-attempt.ts';
import { type MovableClock, movableClock, passing } from './movable-clock.ts';

const HOUR_MS = 3_600_000;
/** Of the time that passes while somebody waits. */
const STEP_MS = 25;

export interface AuditBench {
  readonly simulator: Simulator;
  readonly clock: MovableClock;
  readonly account: SimulatedAccount;
  readonly said: Happening[];
  readonly kind: string;
  act(activity: Omit<Activity, 'account'>): void;
  change(change: Readonly<Record<string, unknown>>): void;
  connect(own?: object, settings?: object): Promise<Connection>;
  /** As a config would list them. */
  accounts(): readonly Account[];
  /** Shift after shift until the report is there, time passing as fast as it can. */
  collect(connection: Connection, look?: Partial<Look>): Promise<RawReport>;
  /** Undefined when the signal was faster: the process is killed after so many calls. */
  collectUntil(calls: number, attempt: Attempt, look?: Partial<Look>): Promise<RawReport | undefined>;
  calls(action?: string): number;
}

/** AWS on loopback, the real SDK, a role to assume, and time that passes only while somebody waits for it. */
export async function auditBench(
  kind: string,
  options: Partial<SimulatorOptions> & { readonly own?: object; readonly settings?: object } = {},
): Promise<AuditBench> {
  const clock = movableClock();
  const { own: ownDefaults = {}, settings: settingsDefaults = {}, ...simulated } = options;
  const simulator = await startSimulator({ clock, accounts: 1, usersPerAccount: 0, ...simulated });
  onTestFinished(() => simulator.close());
  const id = simulator.accounts[0]!.id;
  const said: Happening[] = [];
  const bench: AuditBench = {
    simulator,
    clock,
    account: simulator.world.accounts.get(id)!,
    said,
    kind,
    act: (activity) => void act(simulator.world, { account: id, ...activity }),
    change: (change) => void changeAudit(simulator.world, { account: id, ...change }),
    async connect(own = ownDefaults, settings = settingsDefaults) {
      const connection = await aws.connect(accountOf(simulator, kind, own, settings), {
        clock,
        observe: (happening) => said.push(happening),
      });
      onTestFinished(() => connection.close());
      return connection;
    },
    accounts: () => [accountOf(simulator, kind, ownDefaults, settingsDefaults)],
    async collect(connection, look = {}) {
      const attempt = memoryAttempt(clock.now());
      for (;;) {
        const step = await passing(clock, connection.next(kind, { ...lookOf(clock, attempt), ...look }), STEP_MS);
        if (step.do === 'keep') return step.report;
        if (step.do !== 'wait') throw new Error(`expected a report, not ${step.do}`);
      }
    },
    async collectUntil(calls, attempt, look = {}) {
      const control = new AbortController();
      const before = bench.calls();
      const connection = await bench.connect();
      let isDone = false;
      const collected = bench
        .collect(connection, { attempt: async () => mortal(attempt, control.signal), signal: control.signal, ...look })
        .catch((error: unknown) => {
          if (control.signal.aborted) return undefined;
          throw error;
        })
        .finally(() => {
          isDone = true;
        });
      while (!isDone) {
        if (bench.calls() - before >= calls) control.abort(new Error('killed'));
        await new Promise((resolve) => setImmediate(resolve));
      }
      connection.close();
      return collected;
    },
    calls: (action) =>
      simulator.calls
        .list()
        .filter((call) => call.service !== 'sts' && (action === undefined || call.action === action)).length,
  };
  return bench;
}

function lookOf(clock: MovableClock, attempt: Attempt): Look {
  return {
    state: undefined,
    head: undefined,
    headParts: async () => new Map(),
    everyMs: 24 * HOUR_MS,
    clock,
    signal: new AbortController().signal,
    attempt: async () => attempt,
  };
}

function accountOf(simulator: Simulator, kind: string, own: object, settings: object): Account {
  const { hub, accounts } = simulator;
  const { id, roleName: role, externalId: external_id } = accounts[0]!;
  const secret_access_key = new Secret(hub.secretAccessKey, '${env:KEY}');
  const base = { access_key: { access_key_id: hub.accessKeyId, secret_access_key } };
  const auth = { assume_role: { role, external_id, base } };
  return {
    provider: 'aws',
    id,
    name: 'prod',
    labels: {},
    reports: { [kind]: { everyMs: 24 * HOUR_MS, settings: aws.kinds[kind]!.settings!.parse(own) } },
    settings: aws.settings.parse({ endpoint: simulator.url, auth, max_rps: 20, ...settings }),
  };
}

export function csvOf(report: RawReport): string {
  return new TextDecoder().decode(report.parts[0]?.bytes);
}

export function parsedOf(kind: string, report: RawReport): ParsedReport {
  return atOnce(aws.kinds[kind]!.parse(new Map(report.parts.map(({ name, bytes }) => [name, bytes]))));
}

/** As much of a head as collecting looks at. */
export function headOf(report: RawReport): Pick<Look, 'head' | 'headParts'> {
  const parts = report.parts.map(({ name }) => ({ name }));
  const sha256 = String(report.generatedAt);
  const head = { sha256, generatedAt: report.generatedAt, manifest: { rows: 1, parts } } as unknown as ReportEntry; // no more is looked at
  return { head, headParts: async () => new Map(report.parts.map(({ name, bytes }) => [name, bytes])) };
}
