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
  readonly settings: Settings;
  readonly clock: Clock;
  readonly observe: Observe;
}

export function deskOf({ accountId, settings, clock, observe }: DeskParts): Desk {
  const paces = new Map<string, Pace>();
  function pace(action: string): Pace {
    const known = paces.get(action) ?? rateLimit(settings.maxRps, clock);
    paces.set(action, known);
    return known;
  }
  return {
    accountId,
    source: sourceName({ provider: 'tencent', accountId, kind: KIND }),
    site: settings.site,
    timeZone: settings.timeZone,
    pace,
    observe,
    said: new Set(),
  };
}
