import { onTestFinished } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import type { Attempt } from '../../src/domain/attempt.ts';
import type { Happening } from '../../src/domain/happening.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import type { ParsedReport, RawReport, ReportEntry } from '../../src/domain/report.ts';
import { atOnce } from '../../src/kit/steps.ts';
import type { Connection, Look } from '../../src/providers/provider.ts';
import { tencent } from '../../src/providers/tencent/index.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import type { TencentOptions } from '../../src/simulator/tencent/cloud.ts';
import type { TencentAccount, TencentUser } from '../../src/simulator/tencent/model.ts';
import { memoryAttempt, mortal } from './memory-attempt.ts';
import { type MovableClock, movableClock, passing } from './movable-clock.ts';
import { wayIn } from './simulated-tencent.ts';

const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * HOUR_MS;

export interface TencentAuditBench {
  readonly simulator: Simulator;
  readonly clock: MovableClock;
  readonly account: TencentAccount;
  readonly said: Happening[];
  readonly kind: string;
  /** As the control plane's JSON says it. */
  change(change: Readonly<Record<string, unknown>>): void;
  act(done: Readonly<Record<string, unknown>>, agoMs: number): void;
  user(name: string): TencentUser;
  connect(own?: object): Promise<Connection>;
  /** Shift after shift until the report is there, time passing as fast as it can. */
  collect(connection: Connection, look?: Partial<Look>): Promise<RawReport>;
  /** Undefined when the signal was faster: the process is killed after so many calls. */
  collectUntil(calls: number, attempt: Attempt, look?: Partial<Look>): Promise<RawReport | undefined>;
  calls(action?: string): number;
  /** Answers that were no success, by code. */
  refused(): readonly string[];
}

interface Options extends TencentOptions {
  readonly own?: object;
  readonly site?: 'mainland' | 'international';
}

/** Tencent Cloud on loopback, the real SDK, and time that passes only while somebody waits for it. */
export async function tencentAuditBench(kind: string, options: Options = {}): Promise<TencentAuditBench> {
  const clock = movableClock();
  const { own: ownDefaults = {}, site = 'mainland', ...simulated } = options;
  const tencentOptions = { accounts: [{ site }], usersPerAccount: 0, ...simulated };
  const simulator = await startSimulator({ clock, accounts: 0, tencent: tencentOptions });
  onTestFinished(() => simulator.close());
  const cloud = simulator.tencent!;
  const { id } = cloud.accounts[0]!;
  const account = cloud.world.accounts.get(id)!;
  const said: Happening[] = [];
  const tools = { clock, observe: (happening: Happening) => void said.push(happening) };
  const bench: TencentAuditBench = {
    simulator,
    clock,
    account,
    said,
    kind,
    change: (change) => void cloud.mutate({ account: id, ...change }),
    act: (done, agoMs) =>
      void cloud.act({ account: id, ...done, at: formatInstant(Math.floor((clock.now() - agoMs) / 1_000) * 1_000) }),
    user: (name) => [...account.users.values()].find((user) => user.name === name)!,
    async connect(own = ownDefaults) {
      const connection = await tencent.connect(accountOf(simulator, kind, own, site), tools);
      onTestFinished(() => connection.close());
      return connection;
    },
    async collect(connection, look = {}) {
      const attempt = memoryAttempt(clock.now());
      for (;;) {
        const step = await passing(clock, connection.next(kind, { ...lookOf(clock, attempt), ...look }));
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
    refused: () => simulator.calls.list().flatMap(({ answer }) => (answer.code === undefined ? [] : [answer.code])),
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

export function accountOf(simulator: Simulator, kind: string, own: object, site = 'mainland'): Account {
  const { id } = simulator.tencent!.accounts[0]!;
  const settings = tencent.kinds[kind]!.settings!.parse(own);
  return {
    provider: 'tencent',
    id,
    name: 'shop',
    labels: {},
    reports: { [kind]: { everyMs: 24 * HOUR_MS, settings } },
    settings: tencent.settings.parse({ ...wayIn(simulator), site }),
  };
}

export function parsedOf(kind: string, report: RawReport): ParsedReport {
  return atOnce(tencent.kinds[kind]!.parse(new Map(report.parts.map(({ name, bytes }) => [name, bytes]))));
}

/** As much of a head as collecting looks at. */
export function auditHead(report: RawReport): Pick<Look, 'head' | 'headParts'> {
  const parts = report.parts.map(({ name }) => ({ name }));
  const sha256 = String(report.generatedAt);
  const head = { sha256, generatedAt: report.generatedAt, manifest: { rows: 1, parts } } as unknown as ReportEntry; // no more is looked at
  return { head, headParts: async () => new Map(report.parts.map(({ name, bytes }) => [name, bytes])) };
}
