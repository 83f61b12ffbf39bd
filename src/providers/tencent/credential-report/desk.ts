import type { Clock } from '../../../domain/clock.ts';
import type { Observe } from '../../../domain/happening.ts';
import { sourceName } from '../../../domain/names.ts';
import type { Pace } from '../../../kit/pace.ts';
import { rateLimit } from '../../../kit/rate.ts';
import type { Sayer } from '../../../kit/say-once.ts';
import type { Settings, Site } from '../settings.ts';

export const KIND = 'credential-report';

/** What one account's collecting keeps in memory between reports. Losing it costs a repeated message. */
export interface Desk extends Sayer {
  readonly accountId: string;
  readonly site: Site;
  readonly timeZone: string;
  /** Tencent counts each action of an account by itself. */
  pace(action: string): Pace;
}

export interface DeskParts {
  readonly accountId: string;
  /** `credential-report` where it is left out. */
  readonly kind?: string;
  /** Of all kinds of the account: Tencent counts them together. */
  readonly paces?: Paces;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly observe: Observe;
}

/** The pace of each action. */
export type Paces = (action: string) => Pace;

export function pacesOf({ maxRps }: Pick<Settings, 'maxRps'>, clock: Clock): Paces {
  const paces = new Map<string, Pace>();
  return (action) => {
    const known = paces.get(action) ?? rateLimit(maxRps, clock);
    paces.set(action, known);
    return known;
  };
}

export function deskOf({ accountId, kind = KIND, settings, clock, observe, paces }: DeskParts): Desk {
  return {
    accountId,
    source: sourceName({ provider: 'tencent', accountId, kind }),
    site: settings.site,
    timeZone: settings.timeZone,
    pace: paces ?? pacesOf(settings, clock),
    observe,
    said: new Set(),
  };
}
