import type { Instant } from '../domain/instant.ts';
import { type AccessKeyRecord, type CredentialRecord, type Field, valueOf } from '../domain/record.ts';
import type { Change, Side } from './change.ts';
import { accessKeyOf } from './credential.ts';
import { factOf } from './event-id.ts';
import { consoleUse, keyUse } from './record-data.ts';
import type { Scene } from './scene.ts';

type Use = 'first' | 'again' | 'once more';

/** Sign-ins of the root are all told; of a user the first, and one after long silence. `before` is undefined for a user that came. */
export function loginChanges(
  before: CredentialRecord | undefined,
  after: CredentialRecord,
  scene: Scene,
): readonly Change[] {
  const { lastUsedAt } = after.console;
  const use =
    before === undefined
      ? useOfNew(after.identity.createdAt, lastUsedAt, scene.since)
      : useOf(before.console.lastUsedAt, lastUsedAt, scene, scene.since);
  const isRoot = after.identity.kind === 'root';
  if (use === undefined || (use === 'once more' && !isRoot)) return [];
  return [
    {
      type: isRoot ? 'root.signed_in' : use === 'first' ? 'console.first_login' : 'console.login_again',
      record: after,
      ...(before === undefined ? {} : { before: loginSide(before) }),
      after: loginSide(after),
      occurredAt: valueOf(lastUsedAt),
    },
  ];
}

/** What a key did that both reports have. */
export function keptKeyUses(
  record: CredentialRecord,
  was: AccessKeyRecord,
  is: AccessKeyRecord,
  scene: Scene,
): readonly Change[] {
  const use = useOf(was.lastUsedAt, is.lastUsedAt, scene, undefined);
  const isFlagged = was.atRisk !== undefined && valueOf(was.atRisk) === false && isAtRisk(is);
  return [
    ...(use === undefined ? [] : keyUsed(record, use, was, is)),
    ...newPlaces(record, was, is, scene),
    ...(isFlagged ? [{ ...flagged(record, is), before: { data: { at_risk: false }, facts: [false] } }] : []),
  ];
}

/** What a key did that came between the two reports. One that moved into sight is older, and its use is not its first. */
export function bornKeyUses(record: CredentialRecord, key: AccessKeyRecord, since: Instant): readonly Change[] {
  const use = useOfNew(key.createdAt, key.lastUsedAt, since);
  return [
    ...(use === undefined ? [] : keyUsed(record, use, undefined, key)),
    ...(isAtRisk(key) ? [flagged(record, key)] : []),
  ];
}

/** `never` is told by the cloud. After "no such thing" only what happened since counts: it was not there before. */
function useOf(
  was: Field<Instant>,
  is: Field<Instant>,
  { silenceMs }: Scene,
  since: Instant | undefined,
): Use | undefined {
  const now = valueOf(is);
  if (now === undefined) return undefined;
  if ('value' in was) {
    if (now <= was.value) return undefined;
    return now - was.value >= silenceMs ? 'again' : 'once more';
  }
  if (was.reason === 'never') return 'first';
  return was.reason !== 'unknown' && since !== undefined && now >= since ? 'first' : undefined;
}

function useOfNew(createdAt: Field<Instant>, lastUsedAt: Field<Instant>, since: Instant): Use | undefined {
  const made = valueOf(createdAt);
  const used = valueOf(lastUsedAt);
  return made !== undefined && used !== undefined && made >= since && used >= made ? 'first' : undefined;
}

function keyUsed(
  record: CredentialRecord,
  use: Use,
  was: AccessKeyRecord | undefined,
  is: AccessKeyRecord,
): readonly Change[] {
  const isRoot = record.identity.kind === 'root';
  if (use === 'once more' && !isRoot) return [];
  return [
    {
      type: isRoot ? 'root.key_used' : use === 'first' ? 'access_key.first_used' : 'access_key.used_again',
      record,
      credential: accessKeyOf(is),
      ...(was === undefined ? {} : { before: useSide(was) }),
      after: useSide(is),
      occurredAt: valueOf(is.lastUsedAt),
    },
  ];
}

/** Of two reports alone every change of place would be new: what was seen in all reports before is kept. The first place of all is told by the first use. */
function newPlaces(
  record: CredentialRecord,
  was: AccessKeyRecord,
  is: AccessKeyRecord,
  { seen }: Scene,
): readonly Change[] {
  const places = seen.of(record.identity.id, is);
  if (places === undefined) return [];
  const region = valueOf(is.lastUsedRegion);
  const service = valueOf(is.lastUsedService);
  return [
    ...(isNew(places.regions, region) ? [usedIn('access_key.new_region', record, was, is, [region])] : []),
    ...(isNew(places.services, service) ? [usedIn('access_key.new_service', record, was, is, [service])] : []),
  ];
}

function isNew(known: readonly string[], now: string | undefined): now is string {
  return now !== undefined && known.length > 0 && !known.includes(now);
}

function usedIn(
  type: 'access_key.new_region' | 'access_key.new_service',
  record: CredentialRecord,
  was: AccessKeyRecord,
  is: AccessKeyRecord,
  facts: readonly string[],
): Change {
  return {
    type,
    record,
    credential: accessKeyOf(is),
    before: useSide(was),
    after: { data: keyUse(is), facts },
    occurredAt: valueOf(is.lastUsedAt),
  };
}

function isAtRisk({ atRisk }: AccessKeyRecord): boolean {
  return atRisk !== undefined && valueOf(atRisk) === true;
}

function flagged(record: CredentialRecord, key: AccessKeyRecord): Change {
  return {
    type: 'access_key.at_risk',
    record,
    credential: accessKeyOf(key),
    after: { data: { at_risk: true }, facts: [true] },
  };
}

function loginSide(record: CredentialRecord): Side {
  return { data: consoleUse(record), facts: [factOf(record.console.lastUsedAt)] };
}

function useSide(key: AccessKeyRecord): Side {
  return { data: keyUse(key), facts: [factOf(key.lastUsedAt)] };
}
