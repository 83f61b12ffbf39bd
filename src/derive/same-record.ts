import type { Instant } from '../domain/instant.ts';
import type {
  AccessKeyRecord,
  CertificateRecord,
  CredentialRecord,
  Field,
  IdentityRecord,
  ServiceCredentialRecord,
} from '../domain/record.ts';
import { valueOf } from '../domain/record.ts';

/** Where the columns stand that Muster does not understand: in the report before, and in this one. */
export type CellPairs = readonly (readonly [before: number, after: number])[];

/** False only when the cloud shows that the name was given anew: another creation time, or another unique id where both reports know it. */
export function isSameIdentity(before: IdentityRecord, after: IdentityRecord): boolean {
  return isNotOther(valueOf(before.createdAt), valueOf(after.createdAt)) && isNotOther(before.uniqueId, after.uniqueId);
}

/** The same identity under another name. On Alibaba Cloud the id is the name without the account's alias, which may change for all at once. */
export function isRenamed(before: IdentityRecord, after: IdentityRecord): boolean {
  if (before.id !== after.id) return true;
  return before.name !== after.name && !(isNamedById(before) && isNamedById(after));
}

function isNamedById({ id, name }: IdentityRecord): boolean {
  return name === id || name.startsWith(`${id}@`);
}

function isNotOther<T>(before: T | undefined, after: T | undefined): boolean {
  return before === undefined || after === undefined || before === after;
}

/** Looks past last-used cells, slots and the extra parts: what is left is worth telling again. */
export function isSameRecord(before: CredentialRecord, after: CredentialRecord, unknown: CellPairs): boolean {
  return (
    isSameIdentity(before.identity, after.identity) &&
    !isRenamed(before.identity, after.identity) &&
    isSameField(before.identity.createdAt, after.identity.createdAt) &&
    isSameConsole(before, after) &&
    isSameProtection(before, after) &&
    isSameSet(before.accessKeys, after.accessKeys) &&
    isSameSet(before.certificates, after.certificates) &&
    isSameServices(before.serviceCredentials, after.serviceCredentials) &&
    unknown.every(([old, now]) => before.cells[old] === after.cells[now])
  );
}

/** What `isSameRecord` looks past: when the password and the keys were last used, and where. */
export function isSameUse(before: CredentialRecord, after: CredentialRecord): boolean {
  return (
    isSameField<Instant>(before.console.lastUsedAt, after.console.lastUsedAt) &&
    before.accessKeys.length === after.accessKeys.length &&
    before.accessKeys.every(({ lastUsedAt, lastUsedRegion, lastUsedService }, index) => {
      const key = after.accessKeys[index];
      return (
        key !== undefined &&
        isSameField<Instant>(lastUsedAt, key.lastUsedAt) &&
        isSameField(lastUsedRegion, key.lastUsedRegion) &&
        isSameField(lastUsedService, key.lastUsedService)
      );
    })
  );
}

function isSameConsole(before: CredentialRecord, after: CredentialRecord): boolean {
  return (
    isSameField(before.mfa, after.mfa) &&
    isSameField(before.console.enabled, after.console.enabled) &&
    isSameField(before.console.passwordChangedAt, after.console.passwordChangedAt) &&
    isSameField(before.console.nextRotationAt, after.console.nextRotationAt)
  );
}

/** Flags that only some clouds have: absent on both sides is the same. */
function isSameProtection(before: CredentialRecord, after: CredentialRecord): boolean {
  return (
    isSameFlag(before.loginProtection, after.loginProtection) &&
    isSameFlag(before.operationProtection, after.operationProtection) &&
    isSameFlag(before.abnormalLogins, after.abnormalLogins)
  );
}

function isSameFlag(before: Field<boolean> | undefined, after: Field<boolean> | undefined): boolean {
  return before === undefined || after === undefined ? before === after : isSameField(before, after);
}

function isSameField<T extends string | number | boolean>(before: Field<T>, after: Field<T>): boolean {
  if ('value' in before) return 'value' in after && before.value === after.value;
  return !('value' in after) && before.reason === after.reason;
}

type Held = AccessKeyRecord | CertificateRecord;

function isSameSet(before: readonly Held[], after: readonly Held[]): boolean {
  if (before.length !== after.length) return false;
  if (before.every((one, index) => isSameHeld(one, after[index]))) return true;
  const left = [...after];
  return before.every((one) => {
    const index = left.findIndex((other) => isSameHeld(one, other));
    if (index !== -1) left.splice(index, 1);
    return index !== -1;
  });
}

function isSameHeld(before: Held, after: Held | undefined): boolean {
  return (
    after !== undefined &&
    isSameField<Instant>(before.createdAt, after.createdAt) &&
    isSameField(before.active, after.active) &&
    isNotOther(idOf(before), idOf(after)) &&
    isSameFlag(riskOf(before), riskOf(after))
  );
}

function idOf(held: Held): string | undefined {
  return 'id' in held ? held.id : undefined;
}

function riskOf(held: Held): Field<boolean> | undefined {
  return 'atRisk' in held ? held.atRisk : undefined;
}

type Services = readonly ServiceCredentialRecord[] | undefined;

/** Compared only where both reports were allowed to ask. */
function isSameServices(before: Services, after: Services): boolean {
  if (before === undefined || after === undefined) return true;
  const known = new Map(before.map((one) => [one.id, one]));
  return (
    before.length === after.length &&
    after.every((one) => {
      const old = known.get(one.id);
      return (
        old !== undefined && isSameField(old.active, one.active) && isSameField<Instant>(old.expiresAt, one.expiresAt)
      );
    })
  );
}
