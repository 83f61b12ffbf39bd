import type { Clock } from '../../../domain/clock.ts';
import type { Observe } from '../../../domain/happening.ts';
import { sourceName } from '../../../domain/names.ts';
import type { JournalKeeper } from '../../../kit/attempt-journal.ts';
import { askerOf, type Budget, budgetOf, quotaOf } from '../../../kit/call-budget.ts';
import type { Sayer } from '../../../kit/say-once.ts';
import type { Look, Step } from '../../provider.ts';
import { type AuditWork, inShift as inAuditShift } from '../../shared/audit-shift.ts';
import { isOfExpired } from '../faults.ts';
import { rateOf } from './rates.ts';

/** What one account's audit keeps in memory between shifts. Losing it costs reading the kept answers again. */
export interface AuditDesk extends Sayer, JournalKeeper {
  readonly maxRps: number;
  /** How many audits of this account there are: they share what the cloud takes. */
  readonly audits: number;
  /** By operation: the cloud counts each by itself. */
  readonly budgets: Map<string, Budget>;
}

export interface DeskParts {
  readonly accountId: string;
  readonly kind: string;
  readonly maxRps: number;
  readonly audits: number;
  readonly observe: Observe;
}

export function deskOf({ accountId, kind, maxRps, audits, observe }: DeskParts): AuditDesk {
  return {
    accountId,
    source: sourceName({ provider: 'alibaba', accountId, kind }),
    observe,
    said: new Set(),
    maxRps,
    audits,
    budgets: new Map(),
    under: undefined,
  };
}

export interface Work extends AuditWork<AuditDesk> {
  /** Operations that we may not call, and the cloud's code: they are not tried for each key. */
  readonly denied: Map<string, string>;
  /** In turn, and again after a pause where that may help. */
  ask<T>(operation: string, call: () => Promise<T>): Promise<T>;
  /** So many answers more there will be at least. */
  expect(answers: number): void;
}

export function inShift(desk: AuditDesk, look: Look, go: (work: Work) => Promise<Step>): Promise<Step> {
  const { clock, signal } = look;
  return inAuditShift(desk, look, (work) => {
    let expected = 0;
    return go({
      ...work,
      denied: new Map(),
      ask(operation, call) {
        work.shift.begin();
        return askerOf(budgetAt(desk, operation, clock), clock, signal, isOfExpired)(call);
      },
      expect(answers) {
        expected += answers;
        work.pages.expect(expected);
      },
    });
  });
}

function budgetAt(desk: AuditDesk, operation: string, clock: Clock): Budget {
  const known = desk.budgets.get(operation);
  if (known !== undefined) return known;
  const { perSecond, isStrict } = rateOf(operation, desk);
  const budget = isStrict ? quotaOf(perSecond, clock) : budgetOf(perSecond, clock);
  desk.budgets.set(operation, budget);
  return budget;
}
