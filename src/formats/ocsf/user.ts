import type { Event } from '../../domain/event.ts';
import type { Edition } from './edition.ts';
import { type Layout, SUCCESS, userObservables, windowOf } from './layout.ts';
import { type Data, userOf } from './parts.ts';
import { member } from './text.ts';

const MFA = new Set(['mfa_enabled']);
const WINDOW = new Set(['window']);
const observablesOf = userObservables('user');

/** 3001 Account Change: something about the user itself, before and after. */
export function userLayout(event: Event, { attributes }: Edition): Layout {
  const { before, after } = event;
  const window = windowOf(event);
  const result = after === undefined ? '' : `,"${attributes.userResult}":${withMfa(event, after)}`;
  return {
    first: `,"user":${withMfa(event, before)}${result}`,
    observables: observablesOf(event),
    next: window + SUCCESS,
    homes: {
      ...(hasMfa(before) ? { before: MFA } : {}),
      ...(hasMfa(after) ? { after: MFA } : {}),
      ...(window === '' ? {} : { data: WINDOW }),
    },
  };
}

function withMfa({ identity }: Event, side: Data | undefined): string {
  return `${userOf(identity)}${hasMfa(side) ? member('has_mfa', side['mfa_enabled']) : ''}}`;
}

function hasMfa(side: Data | undefined): side is Data {
  return typeof side?.['mfa_enabled'] === 'boolean';
}
