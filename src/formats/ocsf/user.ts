import type { Event } from '../../domain/event.ts';
import type { Edition } from './edition.ts';
import { type Layout, SUCCESS, userObservables, windowOf } from './layout.ts';
import { type Data, type Part, userOf } from './parts.ts';

const MFA = new Set(['mfa_enabled']);
const WINDOW = new Set(['window']);

/** 3001 Account Change: something about the user itself, before and after. */
export function userLayout(event: Event, { attributes }: Edition): Layout {
  const { before, after } = event;
  const window = windowOf(event);
  return {
    first: {
      user: withMfa(event, before),
      ...(after === undefined ? {} : { [attributes.userResult]: withMfa(event, after) }),
    },
    observables: userObservables('user', event),
    next: { ...window, ...SUCCESS },
    homes: {
      ...(hasMfa(before) ? { before: MFA } : {}),
      ...(hasMfa(after) ? { after: MFA } : {}),
      ...(window === undefined ? {} : { data: WINDOW }),
    },
  };
}

function withMfa({ identity }: Event, side: Data | undefined): Part {
  return hasMfa(side) ? { ...userOf(identity), has_mfa: side['mfa_enabled'] } : userOf(identity);
}

function hasMfa(side: Data | undefined): side is Data {
  return typeof side?.['mfa_enabled'] === 'boolean';
}
