import type { Instant } from '../domain/instant.ts';
import { sha256 } from '../kit/hash.ts';
import { wholeSecond } from '../kit/whole-second.ts';
import type { History } from './history.ts';

/** The one report that a cloud stores for an account, and the one that is being made. */
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
  /** How often it was answered, to its end. */
  served: number;
}

interface World {
  readonly clock: { now(): Instant };
  readonly history: Pick<History, 'seq'>;
  readonly reports: BuiltReport[];
}

interface Account {
  readonly id: string;
  readonly report: ReportState;
}

/*
 * No timers: the state is worked out when somebody looks, and before anything in the account is changed. So a report
 * holds the account exactly as it was at `readyAt`, however late it is asked for, and the clock may jump.
 */
export function settleReport(
  world: World,
  { id, report }: Account,
  make: (injected: Buffer | undefined) => Pick<BuiltReport, 'bytes' | 'rows'>,
): void {
  const { building, injected } = report;
  if (building === undefined || world.clock.now() < building.readyAt) return;
  const { bytes, rows } = make(injected);
  const built: BuiltReport = {
    account: id,
    generatedAt: wholeSecond(building.readyAt),
    historySeq: world.history.seq,
    bytes,
    sha256: sha256(bytes),
    rows,
    injected: injected !== undefined,
    served: 0,
  };
  report.stored = built;
  report.building = undefined;
  report.injected = undefined;
  world.reports.push(built);
}

/** On a whole second where the build is long enough, so that the time that is told is the very moment that the report shows. */
export function readyAt(startedAt: Instant, buildMs: number): Instant {
  const ready = startedAt + buildMs;
  return wholeSecond(ready) > startedAt ? wholeSecond(ready) : ready;
}
