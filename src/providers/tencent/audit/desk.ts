import type { JournalKeeper } from '../../../kit/attempt-journal.ts';
import type { Shift } from '../../../kit/shift.ts';
import type { Look, Step } from '../../provider.ts';
import { type AuditWork, inShift as inAuditShift } from '../../shared/audit-shift.ts';
import { type Asker, askerOf, type Told } from '../credential-report/asking.ts';
import type { Desk } from '../credential-report/desk.ts';

/** What one account's audit keeps in memory between shifts. Losing it costs reading the kept answers again. */
export type AuditDesk = Desk & JournalKeeper;

export interface Work extends AuditWork<AuditDesk> {
  readonly asker: Asker;
}

export function inShift(desk: AuditDesk, look: Look, go: (work: Work) => Promise<Step>): Promise<Step> {
  return inAuditShift(desk, look, (work) =>
    go({ ...work, asker: watched(askerOf(desk, look.clock, look.signal), work.shift) }),
  );
}

/** So many failures of Tencent's, one after the other, are an outage: what is not asked now is asked at the next try. */
const OUTAGE_AFTER = 3;

function watched(asker: Asker, shift: Shift): Asker {
  let failures = 0;
  const counted = <T>(told: Told<T>): Told<T> => {
    failures = 'refused' in told && told.fault.kind === 'unreachable' ? failures + 1 : 0;
    if ('refused' in told && failures >= OUTAGE_AFTER) throw told.fault;
    return told;
  };
  return {
    ...asker,
    async ask(action, call) {
      shift.begin();
      return counted(await asker.ask(action, call));
    },
    async askIfUseful(action, call) {
      shift.begin();
      return counted(await asker.askIfUseful(action, call));
    },
  };
}
