import type { Event } from '../../domain/event.ts';
import type { Edition } from './edition.ts';
import { credentialObservable, type Layout, SUCCESS, userObservables, windowOf } from './layout.ts';
import { cloudNamed, credentialUid, type Data, madeUid, type Part, userOf } from './parts.ts';

const WINDOW = new Set(['window']);
const ID = new Set(['id']);
const USER = 'user';

/** What is managed, by the first word of a type of change. */
const THINGS: ReadonlyMap<string, string> = new Map([
  ['console', 'Console Password'],
  ['access_key', 'Access Key'],
  ['certificate', 'Signing Certificate'],
  ['service_credential', 'Service-Specific Credential'],
  ['login_protection', 'Login Protection'],
  ['operation_protection', 'Operation Protection'],
]);

/** 3004 Entity Management: a credential or a setting of a user. `entity` is as it was, the result as it is. */
export function entityLayout(event: Event, { attributes }: Edition): Layout {
  const { before, after, credential } = event;
  const window = windowOf(event);
  const result = entityPart(event, event.credential ?? {}, after);
  const entity = before === undefined || after === undefined ? result : earlier(event);
  return {
    first: {
      entity: {
        ...entity,
        ...(before === undefined ? { data: undefined } : { data: before }),
        user: userOf(event.identity),
      },
      ...(after === undefined ? {} : { [attributes.entityResult]: result }),
    },
    observables: [
      ...credentialObservable(after === undefined ? 'entity.uid' : `${attributes.entityResult}.uid`, credential?.id),
      ...(after === undefined
        ? []
        : credentialObservable('entity.uid', entity['uid'] === before?.['id'] ? before?.['id'] : undefined)),
      ...userObservables('entity.user', event),
    ],
    next: { ...window, ...SUCCESS },
    homes: {
      before: true,
      after: true,
      ...(hasToldUid(event) ? { credential: ID } : {}),
      ...(window === undefined ? {} : { data: WINDOW }),
    },
  };
}

/** Before a rotation it was another key; before any other change it was the same. */
function earlier(event: Event): Part {
  const { before = {}, after = {}, credential } = event;
  const isOther = before['created_at'] !== after['created_at'] || isOtherId(before['id'], after['id']);
  return entityPart(event, isOther ? before : (credential ?? {}), before);
}

function isOtherId(before: unknown, after: unknown): boolean {
  return before !== undefined && after !== undefined && before !== after;
}

function entityPart(event: Event, credential: Data | object, data: Data | undefined): Part {
  const { identity, account } = event;
  const noun = nounOf(event);
  const isUser = noun === USER;
  const owner = identity?.id ?? '';
  return {
    uid: isUser ? owner : credentialUid(owner, noun, credential as Data), // an event's credential has these keys and no other shape
    name: isUser ? (identity?.name ?? '') : `${noun} of ${identity?.name ?? ''}`,
    ...(isUser
      ? { type_id: 2, type: 'User' }
      : { type_id: 99, type: `${cloudNamed(account.provider)} ${thing(noun)}` }),
    ...(data === undefined ? {} : { data }),
  };
}

function nounOf({ type }: Event): string {
  const dot = type.indexOf('.');
  return dot < 0 ? type : type.slice(0, dot);
}

function thing(noun: string): string {
  return THINGS.get(noun) ?? noun.replaceAll('_', ' ');
}

/** Told, and not to be taken for a name that Muster made. */
function hasToldUid(event: Event): boolean {
  const { credential, identity } = event;
  if (credential?.id === undefined || nounOf(event) === USER) return false;
  return credential.id !== madeUid(identity?.id ?? '', nounOf(event), credential.created_at);
}
