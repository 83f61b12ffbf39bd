import type { Event } from '../../domain/event.ts';
import { credentialObservable, type Layout, SUCCESS, userObservables } from './layout.ts';
import { cloudNamed, credentialUid, millis, type Part, userOf } from './parts.ts';

/** 5003 User Inventory Info: what an identity may use and did use, or what a key of it was used for. OCSF has no home for the rest. */
export function accessLayout(event: Event): Layout {
  const { identity, credential } = event;
  const keys = credential === undefined ? {} : { programmatic_credentials: [keyOf(event)] };
  return {
    first: { user: { ...userOf(identity), ...keys } },
    observables: [
      ...userObservables('user', event),
      ...credentialObservable('user.programmatic_credentials[0].uid', credential?.id),
    ],
    next: SUCCESS,
    homes: {},
  };
}

function keyOf({ identity, credential, account, data }: Event): Part {
  const lastUsed = millis(data?.['last_used_at']);
  return {
    uid: credentialUid(identity?.id ?? '', credential?.kind ?? '', { ...credential }),
    type: `${cloudNamed(account.provider)} Access Key`,
    ...(lastUsed === undefined ? {} : { last_used_time: lastUsed }),
  };
}
