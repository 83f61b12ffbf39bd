import type { Clock } from '../../../domain/clock.ts';
import type { Fault } from '../../../domain/fault.ts';
import type { Observe } from '../../../domain/happening.ts';
import { type SourceName, sourceName } from '../../../domain/names.ts';
import type { Asker } from '../../../kit/asking.ts';
import { type Pace, pace } from '../../../kit/pace.ts';
import type { Look } from '../../provider.ts';

export const KIND = 'credential-report';

/** What one account's collecting keeps in memory between reports. Losing it costs a few calls and a repeated message. */
export interface Desk {
  readonly accountId: string;
  readonly source: SourceName;
  readonly keyIds: boolean;
  readonly pace: Pace;
  readonly observe: Observe;
  /** What is amiss now and was already said. */
  readonly said: Set<string>;
}

export interface DeskParts {
  readonly accountId: string;
  readonly keyIds: boolean;
  readonly maxRps: number;
  readonly clock: Clock;
  readonly observe: Observe;
}

export function deskOf({ accountId, keyIds, maxRps, clock, observe }: DeskParts): Desk {
  return {
    accountId,
    source: sourceName({ provider: 'alibaba', accountId, kind: KIND }),
    keyIds,
    pace: pace(maxRps, clock),
    observe,
    said: new Set(),
  };
}

export function askerOf(desk: Desk, { clock, signal }: Pick<Look, 'clock' | 'signal'>): Asker {
  return { pace: desk.pace, clock, signal };
}

/** Says once that something is missing, and once more only after it was there again. */
export function sayMissing(what: string, fault: Fault, desk: Desk): void {
  if (desk.said.has(what)) return;
  desk.said.add(what);
  desk.observe({ kind: 'degraded', source: desk.source, what: `${what}: ${fault.message}` });
}

export function sayThere(what: string, desk: Desk): void {
  desk.said.delete(what);
}
