import { onTestFinished } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import type { Attempt } from '../../src/domain/attempt.ts';
import type { Happening } from '../../src/domain/happening.ts';
import type { ParsedReport, RawReport, ReportEntry } from '../../src/domain/report.ts';
import { atOnce } from '../../src/kit/steps.ts';
import { alibaba } from '../../src/providers/alibaba/index.ts';
import type { Connection, Look } from '../../src/providers/provider.ts';
import { type Activity, act } from '../../src/simulator/alibaba/activity.ts';
import type { AlibabaOptions } from '../../src/simulator/alibaba/cloud.ts';
import type { SimulatedAccount } from '../../src/simulator/alibaba/model.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { memoryAttempt } from './memory-attempt.ts';
import { type MovableClock, movableClock, passing } from './movable-clock.ts';
import { hubKeys } from './simulated-alibaba.ts';

const HOUR_MS = 3_600_000;

export interface AuditBench {
  readonly simulator: Simulator;
  readonly clock: MovableClock;
  readonly account: SimulatedAccount;
  readonly said: Happening[];
  act(activity: Omit<Activity, 'account'>): void;
  /** Of users and keys, or of the audits. */
  change(change: Readonly<Record<string, unknown>>): void;
  connect(own?: object): Promise<Connection>;
  /** Shift after shift until the report is there, time passing as fast as it can. */
  collect(connection: Connection, look?: Partial<Look>): Promise<RawReport>;
  /** Undefined when the process was killed, after so many calls. */
  collectUntil(calls: number, attempt: Attempt): Promise<RawReport | undefined>;
  calls(action?: string): number;
  parsed(report: RawReport): ParsedReport;
}

/** Alibaba Cloud on loopback, the real SDK, a role to assume, and time that passes only while somebody waits for it. */
export async function auditBench(kind: string, own: object = {}, options: AlibabaOptions = {}): Promise<AuditBench> {
  const clock = movableClock();
  const seeds = [{ users: 0 }];
  const simulator = await startSimulator({ clock, accounts: 0, alibaba: { accounts: seeds, ...options } });
  onTestFinished(() => simulator.close());
  const cloud = simulator.alibaba!;
  const { id } = cloud.accounts[0]!;
  const said: Happening[] = [];
  const bench: AuditBench = {
    simulator,
    clock,
    account: cloud.world.accounts.get(id)!,
    said,
    act: (activity) => void act(cloud.world, { account: id, ...activity }),
    change: (change) => void cloud.mutate({ account: id, ...change }),
    connect: (given = own) =>
      alibaba.connect(accountOf(simulator, kind, given), { clock, observe: (happening) => said.push(happening) }),
    async collect(connection, look = {}) {
      const attempt = memoryAttempt(clock.now());
      for (;;) {
        const step = await passing(clock, connection.next(kind, { ...lookOf(clock, attempt), ...look }));
        if (step.do === 'keep') return step.report;
        if (step.do !== 'wait') throw new Error(`expected a report, not ${step.do}`);
      }
    },
    async collectUntil(calls, attempt) {
      const control = new AbortController();
      const before = bench.calls();
      const connection = await bench.connect();
      let isDone = false;
      const collected = bench
        .collect(connection, { attempt: async () => attempt, signal: control.signal })
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
      return collected;
    },
    calls: (action) =>
      simulator.calls
        .list()
        .filter((call) => call.service !== 'sts' && (action === undefined || call.action === action)).length,
    parsed: (report) =>
      atOnce(alibaba.kinds[kind]!.parse(new Map(report.parts.map(({ name, bytes }) => [name, bytes])))),
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

export function accountOf(simulator: Simulator, kind: string, own: object): Account {
  const { id, roleName: role, externalId: external_id } = simulator.alibaba!.accounts[0]!;
  const auth = { assume_role: { role, external_id, base: hubKeys(simulator.alibaba!) } };
  return {
    provider: 'alibaba',
    id,
    name: 'prod',
    labels: {},
    reports: { [kind]: { everyMs: 24 * HOUR_MS, settings: alibaba.kinds[kind]!.settings!.parse(own) } },
    settings: alibaba.settings.parse({ endpoint: simulator.url, auth, max_rps: 40 }),
  };
}

export function csvOf(report: RawReport): string {
  return new TextDecoder().decode(report.parts[0]?.bytes);
}

/** As much of a head as collecting looks at. */
export function headOf(report: RawReport): Pick<Look, 'head' | 'headParts'> {
  const parts = report.parts.map(({ name }) => ({ name }));
  const head = { generatedAt: report.generatedAt, manifest: { rows: 1, parts } } as unknown as ReportEntry; // no more is looked at
  return { head, headParts: async () => new Map(report.parts.map(({ name, bytes }) => [name, bytes])) };
}

/** The most calls of one action that arrived within any one second, by the simulator's clock. */
export function busiestSecond({ simulator }: AuditBench, action: string): number {
  const times = simulator.calls
    .list()
    .filter((call) => call.action === action)
    .map((call) => Date.parse(call.at));
  let from = 0;
  let most = 0;
  for (const [index, time] of times.entries()) {
    while (time - times[from]! >= 1_000) from += 1;
    most = Math.max(most, index - from + 1);
  }
  return most;
}

/** So many users with a key each, of which the last is never used, and what the others did in so many services. */
export function inhabit(bench: AuditBench, users: number, services: number, days = 80): void {
  for (let index = 0; index < users; index += 1) {
    bench.change({ do: 'create_user', user: userName(index) });
    bench.change({ do: 'create_key', user: userName(index) });
  }
  bench.clock.move(days * 24 * HOUR_MS);
  for (let index = 0; index < users - 1; index += 1)
    for (let service = 0; service < services; service += 1) work(bench, index, service);
}

export function work(bench: AuditBench, user: number, service: number): void {
  const at = bench.clock.now() - ((user * 37 + service * 101) % 70) * 24 * HOUR_MS - 60_000;
  bench.act({
    user: userName(user),
    key_id: keyOf(bench, userName(user)),
    service: serviceName(service),
    event: service % 2 === 0 ? 'DescribeThings' : 'CreateThing',
    address: `203.0.113.${(user + service) % 7}`,
    region: service % 3 === 0 ? 'cn-hangzhou' : 'ap-southeast-1',
    ...(service % 5 === 0 ? { resource: `ACS::S::Thing thing-${user % 3}` } : {}),
    at: new Date(at).toISOString(),
  });
}

export function userName(index: number): string {
  return `user-${String(index).padStart(3, '0')}`;
}

export function serviceName(index: number): string {
  return `Svc${String(index).padStart(2, '0')}`;
}

export function keyOf({ account }: AuditBench, user: string): string {
  return account.users.get(user)!.accessKeys[0]!.id;
}
