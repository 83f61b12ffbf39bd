import { onTestFinished } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import type { Attempt } from '../../src/domain/attempt.ts';
import type { Happening } from '../../src/domain/happening.ts';
import type { RawReport } from '../../src/domain/report.ts';
import type { Connection, Look, Provider } from '../../src/providers/provider.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { memoryAttempt, mortal } from './memory-attempt.ts';
import { type MovableClock, passing } from './movable-clock.ts';

const HOUR_MS = 3_600_000;

/** What the benches of all clouds' audits have in common: time passes only while somebody waits for it. */
export interface AuditBenchOf<Simulated> {
  readonly simulator: Simulator;
  readonly clock: MovableClock;
  readonly account: Simulated;
  readonly said: Happening[];
  readonly kind: string;
  /** With the audit's own settings, and those of the account; left out: as the bench was made. */
  connect(own?: object, settings?: object): Promise<Connection>;
  /** Shift after shift until the report is there, time passing as fast as it can. */
  collect(connection: Connection, look?: Partial<Look>): Promise<RawReport>;
  /** Undefined when the process was killed, after so many calls, before the report was there. */
  collectUntil(calls: number, attempt: Attempt, look?: Partial<Look>): Promise<RawReport | undefined>;
  /** Without those of STS. */
  calls(action?: string): number;
}

interface BenchParts<Simulated> {
  readonly simulator: Simulator;
  readonly clock: MovableClock;
  readonly account: Simulated;
  readonly provider: Provider;
  readonly kind: string;
  /** Of the time that passes while somebody waits. */
  readonly stepMs?: number;
  accountOf(own?: object, settings?: object): Account;
}

export function auditBenchOf<Simulated>(parts: BenchParts<Simulated>): AuditBenchOf<Simulated> {
  const { simulator, clock, account, provider, kind, stepMs } = parts;
  const said: Happening[] = [];
  const tools = { clock, observe: (happening: Happening) => void said.push(happening) };
  const bench: AuditBenchOf<Simulated> = {
    simulator,
    clock,
    account,
    said,
    kind,
    async connect(own, settings) {
      const connection = await provider.connect(parts.accountOf(own, settings), tools);
      onTestFinished(() => connection.close());
      return connection;
    },
    async collect(connection, look = {}) {
      const attempt = memoryAttempt(clock.now());
      for (;;) {
        const step = await passing(clock, connection.next(kind, { ...lookOf(clock, attempt), ...look }), stepMs);
        if (step.do === 'keep') return step.report;
        if (step.do !== 'wait') throw new Error(`expected a report, not ${step.do}`);
      }
    },
    async collectUntil(most, attempt, look = {}) {
      const connection = await bench.connect();
      const collect = (signal: AbortSignal) =>
        bench.collect(connection, { attempt: async () => mortal(attempt, signal), signal, ...look });
      const collected = await killedAfter(most, () => bench.calls(), collect);
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

/** What is collected until the process is killed, after so many calls; undefined when that came first. */
export async function killedAfter<T>(
  calls: number,
  made: () => number,
  collect: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const control = new AbortController();
  const before = made();
  let isDone = false;
  const collected = collect(control.signal)
    .catch((error: unknown) => {
      if (control.signal.aborted) return undefined;
      throw error;
    })
    .finally(() => {
      isDone = true;
    });
  while (!isDone) {
    if (made() - before >= calls) control.abort(new Error('killed'));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return collected;
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
