import type { Clock } from '../../../domain/clock.ts';
import type { Observe } from '../../../domain/happening.ts';
import type { Instant } from '../../../domain/instant.ts';
import { sourceName } from '../../../domain/names.ts';
import { inJournal, type Journal, type JournalKeeper } from '../../../kit/attempt-journal.ts';
import { type Asker, askerOf, type Budget, budgetOf } from '../../../kit/call-budget.ts';
import type { Sayer } from '../../../kit/say-once.ts';
import { auditLastsMs, type Shift, shiftOf } from '../../../kit/shift.ts';
import type { Look, Step } from '../../provider.ts';
import { isOfExpired } from '../faults.ts';

/** What one account's audit keeps in memory between shifts. Losing it costs reading the kept answers again. */
export interface AuditDesk extends Sayer, JournalKeeper {
  /** All calls of IAM. */
  readonly iam: Budget;
  /** Calls of CloudTrail, by region. */
  readonly trail: Map<string, Budget>;
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
  readonly pages: Journal;
  readonly shift: Shift;
  readonly ask: Asker;
}

export function inShift(desk: AuditDesk, look: Look, go: (work: Work) => Promise<Step>): Promise<Step> {
  const { clock, signal } = look;
  return inJournal(desk, look, (pages, startedAt) => {
    const shift = shiftOf(startedAt, clock, auditLastsMs(look.everyMs));
    const asker = askerOf(desk.iam, clock, signal, isOfExpired);
    const ask: Asker = (call) => {
      shift.begin();
      return asker(call);
    };
    return go({ desk, clock, signal, startedAt, pages, shift, ask });
  });
}
