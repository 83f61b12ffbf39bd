import type { Event } from '../../domain/event.ts';
import { credentialObservable, type Layout, SUCCESS, userObservables } from './layout.ts';
import { cloudNamed, credentialUid, millis, userOf } from './parts.ts';
import { item, joined, list, member } from './text.ts';

const observablesOf = userObservables('user');

/** 5003 User Inventory Info: what an identity may use and did use, or what a key of it was used for. OCSF has no home for the rest. */
export function accessLayout(event: Event): Layout {
  const { identity, credential } = event;
  const keys = credential === undefined ? '' : list('programmatic_credentials', item(keyOf(event)));
  return {
    first: `,"user":${userOf(identity)}${keys}}`,
    observables: joined(
      observablesOf(event),
      credentialObservable('user.programmatic_credentials[0].uid', credential?.id),
    ),
    next: SUCCESS,
    homes: {},
  };
}

function keyOf({ identity, credential, account, data }: Event): string {
  return (
    member('uid', credentialUid(identity?.id ?? '', credential?.kind ?? '', { ...credential })) +
    member('type', `${cloudNamed(account.provider)} Access Key`) +
    member('last_used_time', millis(data?.['last_used_at']))
  );
}
