import type { Clock } from '../../../domain/clock.ts';
import type { FaultKind } from '../../../domain/fault.ts';
import type { Observe } from '../../../domain/happening.ts';
import { sourceName } from '../../../domain/names.ts';
import type { Asker } from '../../../kit/asking.ts';
import { type Pace, pace } from '../../../kit/pace.ts';
import type { Sayer } from '../../../kit/say-once.ts';
import type { Look } from '../../provider.ts';

export const KIND = 'credential-report';

/** What one account's collecting keeps in memory between reports. Losing it costs a few calls and a repeated message. */
export interface Desk extends Sayer {
  readonly accountId: string;
  readonly keyIds: boolean;
  readonly userTags: boolean;
  readonly rootMfa: boolean;
  readonly pace: Pace;
  /** Undefined until AWS has told, or has refused to. */
  alias: Alias | undefined;
}

export interface Alias {
  readonly name: string | undefined;
  readonly fault?: FaultKind;
}

export interface DeskParts {
  readonly accountId: string;
  readonly keyIds: boolean;
  /** Off when left out. */
  readonly userTags?: boolean;
  readonly rootMfa?: boolean;
  readonly maxRps: number;
  readonly clock: Clock;
  readonly observe: Observe;
}

export function deskOf({
  accountId,
  keyIds,
  userTags = false,
  rootMfa = false,
  maxRps,
  clock,
  observe,
}: DeskParts): Desk {
  return {
    accountId,
    source: sourceName({ provider: 'aws', accountId, kind: KIND }),
    keyIds,
    userTags,
    rootMfa,
    pace: pace(maxRps, clock),
    observe,
    said: new Set(),
    alias: undefined,
  };
}

export function askerOf(desk: Desk, { clock, signal }: Pick<Look, 'clock' | 'signal'>): Asker {
  return { pace: desk.pace, clock, signal, isImpatient: true };
}
