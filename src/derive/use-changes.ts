import type { Instant } from '../domain/instant.ts';
import { type AccessKeyRecord, type CredentialRecord, type Field, valueOf } from '../domain/record.ts';
import type { Change, Side } from './change.ts';
import { accessKeyOf } from './credential.ts';
import { factOf } from './event-id.ts';
import { consoleUse, keyUse } from './record-data.ts';

/** From here on a use is told as one after long silence. */
const SILENCE_MS = 90 * 86_400_000;

type Use = 'first' | 'again' | 'once more';

/** Sign-ins of the root are all told; of a user the first, and one after long silence. `before` is undefined for a user that came. */
export function loginChanges(
  before: CredentialRecord | undefined,
  after: CredentialRecord,
  since: Instant,
): readonly Change[] {
  const { lastUsedAt } = after.console;
  const use =
    before === undefined
      ? useOfNew(after.identity.createdAt, lastUsedAt, since)
      : useOf(before.console.lastUsedAt, lastUsedAt, since);
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
export function keptKeyUses(record: CredentialRecord, was: AccessKeyRecord, is: AccessKeyRecord): readonly Change[] {
  const use = useOf(was.lastUsedAt, is.lastUsedAt, undefined);
  const isFlagged = was.atRisk !== undefined && valueOf(was.atRisk) === false && isAtRisk(is);
  return [
    ...(use === undefined ? [] : keyUsed(record, use, was, is)),
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
function useOf(was: Field<Instant>, is: Field<Instant>, since: Instant | undefined): Use | undefined {
  const now = valueOf(is);
  if (now === undefined) return undefined;
  if ('value' in was) {
    if (now <= was.value) return undefined;
    return now - was.value >= SILENCE_MS ? 'again' : 'once more';
  }
  if (was.reason === 'never') return 'first';
  return was.reason === 'absent' && since !== undefined && now >= since ? 'first' : undefined;
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
