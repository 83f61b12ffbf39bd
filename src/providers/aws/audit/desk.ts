import type { Attempt } from '../../../domain/attempt.ts';
import type { Clock } from '../../../domain/clock.ts';
import type { Observe } from '../../../domain/happening.ts';
import type { Instant } from '../../../domain/instant.ts';
import { sourceName } from '../../../domain/names.ts';
import { type Pages, pagesOf } from '../../../kit/attempt-pages.ts';
import { type Asker, askerOf, type Budget, budgetOf } from '../../../kit/call-budget.ts';
import type { Sayer } from '../../../kit/say-once.ts';
import { auditLastsMs, type Shift, shiftOf } from '../../../kit/shift.ts';
import type { Look } from '../../provider.ts';
import { isOfExpired } from '../faults.ts';

/** What one account's audit keeps in memory between shifts. Losing it costs reading the kept answers again. */
export interface AuditDesk extends Sayer {
  readonly accountId: string;
  /** All calls of IAM. */
  readonly iam: Budget;
  /** Calls of CloudTrail, by region. */
  readonly trail: Map<string, Budget>;
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
  readonly clock: Clock;
  readonly observe: Observe;
}

export function deskOf({ accountId, kind, maxRps, clock, observe }: DeskParts): AuditDesk {
  return {
    accountId,
    source: sourceName({ provider: 'aws', accountId, kind }),
    observe,
    said: new Set(),
    iam: budgetOf(maxRps, clock),
    trail: new Map(),
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
  readonly ask: Asker;
}

export async function workOf(desk: AuditDesk, look: Look): Promise<Work> {
  const attempt = await look.attempt();
  const { clock, signal } = look;
  const known = desk.under?.attempt.startedAt === attempt.startedAt ? desk.under.known : new Map<string, unknown>();
  desk.under = { attempt, known };
  const shift = shiftOf(attempt.startedAt, clock, auditLastsMs(look.everyMs));
  const ask = askerOf(desk.iam, clock, signal, isOfExpired);
  return {
    desk,
    clock,
    signal,
    startedAt: attempt.startedAt,
    pages: pagesOf(attempt, known, desk.accountId),
    shift,
    ask(call) {
      shift.begin();
      return ask(call);
    },
  };
}
