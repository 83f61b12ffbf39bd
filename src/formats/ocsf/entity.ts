import type { Event } from '../../domain/event.ts';
import type { Edition } from './edition.ts';
import { credentialObservable, type Layout, SUCCESS, userObservables, windowOf } from './layout.ts';
import { cloudNamed, credentialUid, madeUid, userOf } from './parts.ts';
import { joined, member, members, part } from './text.ts';

const WINDOW = new Set(['window']);
const ID = new Set(['id']);
const USER = 'user';
const observablesOf = userObservables('entity.user');

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
  const { before, after, credential, identity } = event;
  const window = windowOf(event);
  const entityUid = uidOf(event, before === undefined || after === undefined ? credential : earlier(event));
  const entity = nameOf(event, entityUid) + member('data', before) + `,"user":${userOf(identity)}}`;
  const result = nameOf(event, uidOf(event, credential)) + member('data', after);
  return {
    first: part('entity', entity) + (after === undefined ? '' : part(attributes.entityResult, result)),
    observables: joined(
      joined(
        credentialObservable(after === undefined ? 'entity.uid' : `${attributes.entityResult}.uid`, credential?.id),
        credentialObservable('entity.uid', after !== undefined && entityUid === before?.['id'] ? entityUid : undefined),
      ),
      observablesOf(event),
    ),
    next: window + SUCCESS,
    homes: {
      before: true,
      after: true,
      ...(hasToldUid(event) ? { credential: ID } : {}),
      ...(window === '' ? {} : { data: WINDOW }),
    },
  };
}

/** Before a rotation it was another key; before any other change it was the same. */
function earlier({ before = {}, after = {}, credential }: Event): object | undefined {
  const isOther = before['created_at'] !== after['created_at'] || isOtherId(before['id'], after['id']);
  return isOther ? before : credential;
}

function isOtherId(before: unknown, after: unknown): boolean {
  return before !== undefined && after !== undefined && before !== after;
}

function uidOf(event: Event, credential: object | undefined): string {
  const owner = event.identity?.id ?? '';
  const noun = nounOf(event);
  return noun === USER ? owner : credentialUid(owner, noun, { ...credential });
}

function nameOf(event: Event, uid: string): string {
  const name = event.identity?.name ?? '';
  const noun = nounOf(event);
  if (noun === USER) return members({ uid, name, type_id: 2, type: 'User' });
  const type = `${cloudNamed(event.account.provider)} ${thing(noun)}`;
  return members({ uid, name: `${noun} of ${name}`, type_id: 99, type });
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
