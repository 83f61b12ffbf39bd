import { type BuiltReport, readyAt, settleReport } from '../built-report.ts';
import { AwsError } from './aws-error.ts';
import { writeCredentialReport } from './credential-report.ts';
import type { SimulatedAccount } from './model.ts';
import type { World } from './world.ts';

/** How slowly AWS makes reports, in simulated time. */
export interface ReportPace {
  readonly cacheWindowMs: number;
  readonly buildMs: number;
  /** When a stored report is gone; undefined: never. */
  readonly expireMs: number | undefined;
}

export function settle(world: World, account: SimulatedAccount): void {
  settleReport(world, account, (injected) =>
    injected === undefined
      ? { bytes: Buffer.from(writeCredentialReport(world, account), 'utf8'), rows: account.users.size + 1 }
      : { bytes: injected, rows: countRows(injected) },
  );
}

export interface Generated {
  readonly state: 'STARTED' | 'INPROGRESS' | 'COMPLETE';
  readonly description?: string;
}

export function generateReport(world: World, account: SimulatedAccount): Generated {
  settle(world, account);
  const { stored, building } = account.report;
  if (building !== undefined) return { state: 'INPROGRESS' };
  const now = world.clock.now();
  // Two reports of one second could not be told apart, so no window is shorter.
  if (stored !== undefined && now - stored.generatedAt < Math.max(world.pace.cacheWindowMs, 1_000))
    return { state: 'COMPLETE' };
  account.report.building = { readyAt: readyAt(now, world.pace.buildMs) };
  const description =
    stored === undefined
      ? 'No report exists. Starting a new report generation task'
      : 'Starting a new report generation task';
  return { state: 'STARTED', description };
}

/** The stored report stays while a new one is made. The real service sends no message with these errors. */
export function fetchReport(world: World, account: SimulatedAccount): BuiltReport {
  settle(world, account);
  const { stored, building } = account.report;
  const { expireMs } = world.pace;
  const isExpired =
    stored !== undefined && expireMs !== undefined && world.clock.now() - stored.generatedAt >= expireMs;
  if (stored !== undefined && !isExpired) {
    stored.served += 1;
    return stored;
  }
  if (building !== undefined) throw new AwsError(404, 'ReportInProgress');
  throw new AwsError(410, isExpired ? 'ReportExpired' : 'ReportNotPresent');
}

function countRows(bytes: Buffer): number {
  return Math.max(0, bytes.toString('utf8').trimEnd().split('\n').length - 1);
}
