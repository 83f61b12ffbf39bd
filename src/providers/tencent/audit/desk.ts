import type { Attempt } from '../../../domain/attempt.ts';
import type { Clock } from '../../../domain/clock.ts';
import type { Instant } from '../../../domain/instant.ts';
import { auditLastsMs, type Shift, shiftOf } from '../../../kit/shift.ts';
import type { Look } from '../../provider.ts';
import { type Asker, askerOf, type Told } from '../credential-report/asking.ts';
import type { Desk } from '../credential-report/desk.ts';
import { type AuditPages, auditPagesOf } from './pages.ts';

/** What one account's audit keeps in memory between shifts. Losing it costs reading the kept answers again. */
export interface AuditDesk extends Desk {
  under: UnderWay | undefined;
}

interface UnderWay {
  readonly attempt: Attempt;
  readonly taken: Map<string, unknown>;
}

/** One go at a report: a shift is laid aside when it is over, so that others get the worker. */
export interface Work {
  readonly desk: AuditDesk;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly startedAt: Instant;
  readonly pages: AuditPages;
  readonly shift: Shift;
  readonly asker: Asker;
}

export async function workOf(desk: AuditDesk, look: Look): Promise<Work> {
  const attempt = await look.attempt();
  const { clock, signal } = look;
  const { startedAt } = attempt;
  const taken = desk.under?.attempt.startedAt === startedAt ? desk.under.taken : new Map<string, unknown>();
  desk.under = { attempt, taken };
  const shift = shiftOf(startedAt, clock, auditLastsMs(look.everyMs));
  const pages = auditPagesOf(attempt, taken, desk.accountId);
  return { desk, clock, signal, startedAt, pages, shift, asker: inShift(askerOf(desk, clock, signal), shift) };
}

/** So many failures of Tencent's, one after the other, are an outage: what is not asked now is asked at the next try. */
const OUTAGE_AFTER = 3;

function inShift(asker: Asker, shift: Shift): Asker {
  let failures = 0;
  const watched = <T>(told: Told<T>): Told<T> => {
    failures = 'refused' in told && told.fault.kind === 'unreachable' ? failures + 1 : 0;
    if ('refused' in told && failures >= OUTAGE_AFTER) throw told.fault;
    return told;
  };
  return {
    ...asker,
    async ask(action, call) {
      shift.begin();
      return watched(await asker.ask(action, call));
    },
    async askIfUseful(action, call) {
      shift.begin();
      return watched(await asker.askIfUseful(action, call));
    },
  };
}
