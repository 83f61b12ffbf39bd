import { onTestFinished } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import type { ParsedReport, RawReport } from '../../src/domain/report.ts';
import { alibaba } from '../../src/providers/alibaba/index.ts';
import { type Activity, act } from '../../src/simulator/alibaba/activity.ts';
import type { AlibabaOptions } from '../../src/simulator/alibaba/cloud.ts';
import type { SimulatedAccount } from '../../src/simulator/alibaba/model.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type AuditBenchOf, auditBenchOf } from './audit-bench.ts';
import { memoryAttempt } from './memory-attempt.ts';
import { movableClock } from './movable-clock.ts';
import { parsedBy } from './raw-report.ts';
import { hubKeys } from './simulated-alibaba.ts';

const HOUR_MS = 3_600_000;

export interface AuditBench extends AuditBenchOf<SimulatedAccount> {
  act(activity: Omit<Activity, 'account'>): void;
  /** Of users and keys, or of the audits. */
  change(change: Readonly<Record<string, unknown>>): void;
  parsed(report: RawReport): ParsedReport;
}

/** Alibaba Cloud on loopback, the real SDK, and a role to assume. */
export async function auditBench(kind: string, own: object = {}, options: AlibabaOptions = {}): Promise<AuditBench> {
  const clock = movableClock();
  const seeds = [{ users: 0 }];
  const simulator = await startSimulator({ clock, accounts: 0, alibaba: { accounts: seeds, ...options } });
  onTestFinished(() => simulator.close());
  const cloud = simulator.alibaba!;
  const { id } = cloud.accounts[0]!;
  const account = cloud.world.accounts.get(id)!;
  const listed = (given = own) => accountOf(simulator, kind, given);
  return {
    ...auditBenchOf({ simulator, clock, account, provider: alibaba, kind, accountOf: listed }),
    act: (activity) => void act(cloud.world, { account: id, ...activity }),
    change: (change) => void cloud.mutate({ account: id, ...change }),
    parsed: (report) => parsedBy(alibaba, kind, report),
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

/** A process is killed after so many calls, and the next one after so many more. */
export async function killedAndResumed(bench: AuditBench, startedAt: number, kills: readonly number[]) {
  bench.simulator.calls.clear();
  const attempt = memoryAttempt(startedAt);
  for (const after of kills) await bench.collectUntil(after, attempt);
  const report = await bench.collect(await bench.connect(), { attempt: async () => attempt });
  return { report, calls: bench.calls() };
}

/** One list of users, two of each user and key, one of services, and three of each service. */
export function leastCalls(users: number, services: number): number {
  return 1 + users * 2 + users * 2 + (users - 1) * services * 3;
}

export function refused({ simulator }: AuditBench): number {
  return simulator.calls.list().filter(({ answer }) => answer.status !== 200).length;
}
