import { formatInstant } from '../domain/instant.ts';
import { type AccessKeyRecord, type CredentialRecord, valueOf } from '../domain/record.ts';
import type { Change, Side } from './change.ts';
import { accessKeyOf } from './credential.ts';
import { factOf } from './event-id.ts';
import { certificateChanges, serviceCredentialChanges } from './held-changes.ts';
import { isToldOf, matchKeys } from './match-keys.ts';
import { protectionChanges } from './protection-changes.ts';
import { keyState } from './record-data.ts';
import { isRenamed, isSameIdentity } from './same-record.ts';
import type { Scene } from './scene.ts';
import { bornKeyUses, keptKeyUses, loginChanges } from './use-changes.ts';

/** What happened to one identity between two reports. A field that either report does not tell makes no change. */
export function identityChanges(
  before: CredentialRecord | undefined,
  after: CredentialRecord,
  scene: Scene,
): readonly Change[] {
  if (before === undefined) return identityCame(after, scene);
  if (!isSameIdentity(before.identity, after.identity)) return [...identityGone(before), ...identityCame(after, scene)];
  return [
    ...renames(before, after),
    ...consoleChanges(before, after),
    ...mfaChanges(before, after),
    ...keyChanges(before, after, scene),
    ...certificateChanges(before, after),
    ...serviceCredentialChanges(before, after),
    ...protectionChanges(before, after),
    ...loginChanges(before, after, scene),
  ];
}

/** A deleted user takes its keys along; that the password and the MFA device went too goes without saying. */
export function identityGone(record: CredentialRecord): readonly Change[] {
  if (record.identity.kind === 'root') return [];
  return [
    { type: 'user.deleted', record, before: userSide(record) },
    ...record.accessKeys.filter(isToldOf).map((key) => keyDeleted(record, key)),
    ...certificateChanges(record, undefined),
    ...serviceCredentialChanges(record, undefined),
  ];
}

/** Root is never made: a root row that a report did not have before says something of the report. */
function identityCame(record: CredentialRecord, scene: Scene): readonly Change[] {
  if (record.identity.kind === 'root') return [];
  const occurredAt = valueOf(record.identity.createdAt);
  const hasConsole = valueOf(record.console.enabled) === true;
  return [
    { type: 'user.created', record, after: userSide(record), occurredAt },
    ...(hasConsole ? [consoleSwitched(record, undefined, true)] : []),
    ...record.accessKeys.filter(isToldOf).map((key) => keyCreated(record, key)),
    ...certificateChanges(undefined, record),
    ...serviceCredentialChanges(undefined, record),
    ...protectionChanges(undefined, record),
    ...loginChanges(undefined, record, scene),
    ...record.accessKeys.flatMap((key) => bornKeyUses(record, key, scene.since)),
  ];
}

function userSide({ identity }: CredentialRecord): Side {
  const createdAt = valueOf(identity.createdAt);
  return {
    data: createdAt === undefined ? {} : { created_at: formatInstant(createdAt) },
    facts: [createdAt ?? null],
  };
}

/** One user under another name: only an id that stays while names change can tell. */
function renames(before: CredentialRecord, after: CredentialRecord): readonly Change[] {
  if (!isRenamed(before.identity, after.identity)) return [];
  return [{ type: 'user.renamed', record: after, before: nameSide(before), after: nameSide(after) }];
}

function nameSide({ identity: { id, name } }: CredentialRecord): Side {
  return { data: { identity_id: id, identity_name: name }, facts: [id, name] };
}

function consoleChanges(before: CredentialRecord, after: CredentialRecord): readonly Change[] {
  const was = valueOf(before.console.enabled);
  const is = valueOf(after.console.enabled);
  if (was === undefined || is === undefined) return [];
  if (was !== is) return [consoleSwitched(after, was, is)];
  return is ? passwordChanges(before, after) : [];
}

function consoleSwitched(record: CredentialRecord, was: boolean | undefined, is: boolean): Change {
  return {
    type: is ? 'console.enabled' : 'console.disabled',
    record,
    ...(was === undefined ? {} : { before: { data: { console_enabled: was }, facts: [was] } }),
    after: { data: { console_enabled: is }, facts: [is] },
    occurredAt: is ? valueOf(record.console.passwordChangedAt) : undefined,
  };
}

function passwordChanges(before: CredentialRecord, after: CredentialRecord): readonly Change[] {
  const was = valueOf(before.console.passwordChangedAt);
  const is = valueOf(after.console.passwordChangedAt);
  if (was === undefined || is === undefined || was === is) return [];
  return [
    {
      type: 'password.changed',
      record: after,
      before: { data: { password_changed_at: formatInstant(was) }, facts: [was] },
      after: { data: { password_changed_at: formatInstant(is) }, facts: [is] },
      occurredAt: is,
    },
  ];
}

function mfaChanges(before: CredentialRecord, after: CredentialRecord): readonly Change[] {
  const was = valueOf(before.mfa);
  const is = valueOf(after.mfa);
  if (was === undefined || is === undefined || was === is) return [];
  return [
    {
      type: is ? 'mfa.enabled' : 'mfa.disabled',
      record: after,
      before: { data: { mfa_enabled: was }, facts: [was] },
      after: { data: { mfa_enabled: is }, facts: [is] },
    },
  ];
}

/** A key gone and a key new in one window is a rotation: the oldest gone with the oldest new. */
function keyChanges(before: CredentialRecord, after: CredentialRecord, scene: Scene): readonly Change[] {
  if (before.accessKeys.length === 0 && after.accessKeys.length === 0) return [];
  const { kept, likely, gone, born } = matchKeys(before.accessKeys, after.accessKeys);
  return [
    ...[...kept, ...likely].flatMap(([was, is]) => keySwitches(after, was, is)),
    ...gone.map((key, index) => keyReplaced(after, key, born[index])),
    ...born.slice(gone.length).map((key) => keyCreated(after, key)),
    ...kept.flatMap(([was, is]) => keptKeyUses(after, was, is, scene)),
    ...born.flatMap((key) => bornKeyUses(after, key, scene.since)),
  ];
}

function keySwitches(record: CredentialRecord, was: AccessKeyRecord, is: AccessKeyRecord): readonly Change[] {
  const [wasActive, isActive] = [valueOf(was.active), valueOf(is.active)];
  if (wasActive === undefined || isActive === undefined || wasActive === isActive) return [];
  const type = isActive ? 'access_key.activated' : 'access_key.deactivated';
  return [{ type, record, credential: accessKeyOf(is), before: keySide(was), after: keySide(is) }];
}

function keyReplaced(record: CredentialRecord, old: AccessKeyRecord, key: AccessKeyRecord | undefined): Change {
  if (key === undefined) return keyDeleted(record, old);
  const occurredAt = valueOf(key.createdAt);
  return {
    type: 'access_key.rotated',
    record,
    credential: accessKeyOf(key),
    before: keySide(old),
    after: keySide(key),
    occurredAt,
  };
}

function keyCreated(record: CredentialRecord, key: AccessKeyRecord): Change {
  return {
    type: 'access_key.created',
    record,
    credential: accessKeyOf(key),
    after: keySide(key),
    occurredAt: valueOf(key.createdAt),
  };
}

function keyDeleted(record: CredentialRecord, key: AccessKeyRecord): Change {
  return { type: 'access_key.deleted', record, credential: accessKeyOf(key), before: keySide(key) };
}

function keySide(key: AccessKeyRecord): Side {
  return { data: keyState(key), facts: [factOf(key.createdAt), factOf(key.active)] };
}
