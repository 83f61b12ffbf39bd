import type { Clock } from '../../../domain/clock.ts';
import type { Observe } from '../../../domain/happening.ts';
import { sourceName } from '../../../domain/names.ts';
import type { JournalKeeper } from '../../../kit/attempt-journal.ts';
import { type Asker, askerOf, type Budget, budgetOf } from '../../../kit/call-budget.ts';
import type { Sayer } from '../../../kit/say-once.ts';
import type { Look, Step } from '../../provider.ts';
import { type AuditWork, inShift as inAuditShift } from '../../shared/audit-shift.ts';
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

export interface Work extends AuditWork<AuditDesk> {
  readonly ask: Asker;
}

export function inShift(desk: AuditDesk, look: Look, go: (work: Work) => Promise<Step>): Promise<Step> {
  const asker = askerOf(desk.iam, look.clock, look.signal, isOfExpired);
  return inAuditShift(desk, look, (work) => {
    const ask: Asker = (call) => {
      work.shift.begin();
      return asker(call);
    };
    return go({ ...work, ask });
  });
}
