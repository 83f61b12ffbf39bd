import { onTestFinished } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import type { ParsedReport, RawReport } from '../../src/domain/report.ts';
import { wholeSecond } from '../../src/kit/whole-second.ts';
import { tencent } from '../../src/providers/tencent/index.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import type { TencentOptions } from '../../src/simulator/tencent/cloud.ts';
import type { TencentAccount, TencentUser } from '../../src/simulator/tencent/model.ts';
import { type AuditBenchOf, auditBenchOf } from './audit-bench.ts';
import { movableClock } from './movable-clock.ts';
import { parsedBy } from './raw-report.ts';
import { wayIn } from './simulated-tencent.ts';

const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * HOUR_MS;

export interface TencentAuditBench extends AuditBenchOf<TencentAccount> {
  /** As the control plane's JSON says it. */
  change(change: Readonly<Record<string, unknown>>): void;
  act(done: Readonly<Record<string, unknown>>, agoMs: number): void;
  user(name: string): TencentUser;
  /** Answers that were no success, by code. */
  refused(): readonly string[];
}

interface Options extends TencentOptions {
  readonly own?: object;
  readonly site?: 'mainland' | 'international';
}

/** Tencent Cloud on loopback, and the real SDK. */
export async function tencentAuditBench(kind: string, options: Options = {}): Promise<TencentAuditBench> {
  const clock = movableClock();
  const { own: ownDefaults = {}, site = 'mainland', ...simulated } = options;
  const tencentOptions = { accounts: [{ site }], usersPerAccount: 0, ...simulated };
  const simulator = await startSimulator({ clock, accounts: 0, tencent: tencentOptions });
  onTestFinished(() => simulator.close());
  const cloud = simulator.tencent!;
  const { id } = cloud.accounts[0]!;
  const account = cloud.world.accounts.get(id)!;
  const listed = (own = ownDefaults) => accountOf(simulator, kind, own, site);
  return {
    ...auditBenchOf({ simulator, clock, account, provider: tencent, kind, accountOf: listed }),
    change: (change) => void cloud.mutate({ account: id, ...change }),
    act: (done, agoMs) => void cloud.act({ account: id, ...done, at: formatInstant(wholeSecond(clock.now() - agoMs)) }),
    user: (name) => [...account.users.values()].find((user) => user.name === name)!,
    refused: () => simulator.calls.list().flatMap(({ answer }) => (answer.code === undefined ? [] : [answer.code])),
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
  return parsedBy(tencent, kind, report);
}
