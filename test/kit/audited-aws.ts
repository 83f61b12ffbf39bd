import { onTestFinished } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import type { ParsedReport, RawReport } from '../../src/domain/report.ts';
import { Secret } from '../../src/kit/secret.ts';
import { aws } from '../../src/providers/aws/index.ts';
import { type Activity, act } from '../../src/simulator/aws/activity.ts';
import { changeAudit } from '../../src/simulator/aws/audit-changes.ts';
import type { SimulatedAccount } from '../../src/simulator/aws/model.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/simulator.ts';
import { type AuditBenchOf, auditBenchOf } from './audit-bench.ts';
import { movableClock } from './movable-clock.ts';
import { parsedBy } from './raw-report.ts';

const HOUR_MS = 3_600_000;
const STEP_MS = 25;

export interface AuditBench extends AuditBenchOf<SimulatedAccount> {
  act(activity: Omit<Activity, 'account'>): void;
  change(change: Readonly<Record<string, unknown>>): void;
  /** As a config would list them. */
  accounts(): readonly Account[];
}

/** AWS on loopback, the real SDK, and a role to assume. */
export async function auditBench(
  kind: string,
  options: Partial<SimulatorOptions> & { readonly own?: object; readonly settings?: object } = {},
): Promise<AuditBench> {
  const clock = movableClock();
  const { own: ownDefaults = {}, settings: settingsDefaults = {}, ...simulated } = options;
  const simulator = await startSimulator({ clock, accounts: 1, usersPerAccount: 0, ...simulated });
  onTestFinished(() => simulator.close());
  const { id } = simulator.accounts[0]!;
  const listed = (own = ownDefaults, settings = settingsDefaults) => accountOf(simulator, kind, own, settings);
  const account = simulator.world.accounts.get(id)!;
  return {
    ...auditBenchOf({ simulator, clock, account, provider: aws, kind, stepMs: STEP_MS, accountOf: listed }),
    act: (activity) => void act(simulator.world, { account: id, ...activity }),
    change: (change) => void changeAudit(simulator.world, { account: id, ...change }),
    accounts: () => [listed()],
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

export function parsedOf(kind: string, report: RawReport): ParsedReport {
  return parsedBy(aws, kind, report);
}
