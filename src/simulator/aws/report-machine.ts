import type { Instant } from '../../domain/instant.ts';
import { sha256 } from '../../kit/hash.ts';
import { AwsError } from './aws-error.ts';
import { writeCredentialReport } from './credential-report.ts';
import type { SimulatedAccount } from './model.ts';
import { wholeSecond } from './times.ts';
import type { World } from './world.ts';

/** How slowly AWS makes reports, in simulated time. */
export interface ReportPace {
  readonly cacheWindowMs: number;
  readonly buildMs: number;
  /** When a stored report is gone; undefined: never. */
  readonly expireMs: number | undefined;
}

/** The one report that AWS stores for an account, and the one that is being made. */
export interface ReportState {
  stored: BuiltReport | undefined;
  building: { readonly readyAt: Instant } | undefined;
  /** Bytes for the next report, instead of true ones. */
  injected: Buffer | undefined;
}

export interface BuiltReport {
  readonly account: string;
  readonly generatedAt: Instant;
  /** The newest entry of the history when this was built: of its account, exactly those up to here are in it. */
  readonly historySeq: number;
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly rows: number;
  readonly injected: boolean;
  /** How often GetCredentialReport answered with it. */
  served: number;
}

/*
 * No timers: the state is worked out when somebody looks, and before anything in the account is changed. So a report
 * holds the account exactly as it was at `readyAt`, however late it is asked for, and the clock may jump.
 */
export function settle(world: World, account: SimulatedAccount): void {
  const { building } = account.report;
  if (building === undefined || world.clock.now() < building.readyAt) return;
  const { injected } = account.report;
  const bytes = injected ?? Buffer.from(writeCredentialReport(world, account), 'utf8');
  const built: BuiltReport = {
    account: account.id,
    generatedAt: wholeSecond(building.readyAt),
    historySeq: world.history.seq,
    bytes,
    sha256: sha256(bytes),
    rows: injected === undefined ? account.users.size + 1 : countRows(bytes),
    injected: injected !== undefined,
    served: 0,
  };
  account.report.stored = built;
  account.report.building = undefined;
  account.report.injected = undefined;
  world.reports.push(built);
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

/** On a whole second where the build is long enough, so that GeneratedTime is the very moment that the report shows. */
function readyAt(startedAt: Instant, buildMs: number): Instant {
  const ready = startedAt + buildMs;
  return wholeSecond(ready) > startedAt ? wholeSecond(ready) : ready;
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
