import type { Attempt } from '../../../domain/attempt.ts';
import type { Clock } from '../../../domain/clock.ts';
import type { Observe } from '../../../domain/happening.ts';
import type { Instant } from '../../../domain/instant.ts';
import { sourceName } from '../../../domain/names.ts';
import { type Pages, pagesOf } from '../../../kit/attempt-pages.ts';
import { askerOf, type Budget, budgetOf, quotaOf } from '../../../kit/call-budget.ts';
import type { Sayer } from '../../../kit/say-once.ts';
import { auditLastsMs, type Shift, shiftOf } from '../../../kit/shift.ts';
import type { Look } from '../../provider.ts';
import { isOfExpired } from '../faults.ts';
import { rateOf } from './rates.ts';

/** What one account's audit keeps in memory between shifts. Losing it costs reading the kept answers again. */
export interface AuditDesk extends Sayer {
  readonly accountId: string;
  readonly maxRps: number;
  /** How many audits of this account there are: they share what the cloud takes. */
  readonly audits: number;
  /** By operation: the cloud counts each by itself. */
  readonly budgets: Map<string, Budget>;
  under: UnderWay | undefined;
}

interface UnderWay {
  readonly attempt: Attempt;
  readonly known: Map<string, unknown>;
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

/** One go at a report: a shift is laid aside when it is over, so that others get the worker. */
export interface Work {
  readonly desk: AuditDesk;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly startedAt: Instant;
  readonly pages: Pages;
  readonly shift: Shift;
  /** Operations that we may not call, and the cloud's code: they are not tried for each key. */
  readonly denied: Map<string, string>;
  /** In turn, and again after a pause where that may help. */
  ask<T>(operation: string, call: () => Promise<T>): Promise<T>;
}

export async function workOf(desk: AuditDesk, look: Look): Promise<Work> {
  const attempt = await look.attempt();
  const { clock, signal } = look;
  const known = desk.under?.attempt.startedAt === attempt.startedAt ? desk.under.known : new Map<string, unknown>();
  desk.under = { attempt, known };
  const shift = shiftOf(attempt.startedAt, clock, auditLastsMs(look.everyMs));
  return {
    desk,
    clock,
    signal,
    startedAt: attempt.startedAt,
    pages: pagesOf(attempt, known, desk.accountId),
    denied: new Map(),
    shift,
    ask(operation, call) {
      shift.begin();
      return askerOf(budgetAt(desk, operation, clock), clock, signal, isOfExpired)(call);
    },
  };
}

function budgetAt(desk: AuditDesk, operation: string, clock: Clock): Budget {
  const known = desk.budgets.get(operation);
  if (known !== undefined) return known;
  const { perSecond, isStrict } = rateOf(operation, desk);
  const budget = isStrict ? quotaOf(perSecond, clock) : budgetOf(perSecond, clock);
  desk.budgets.set(operation, budget);
  return budget;
}
