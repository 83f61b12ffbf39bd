import {
  type CertificateRecord,
  type CredentialRecord,
  type ServiceCredentialRecord,
  valueOf,
} from '../domain/record.ts';
import type { Change, Side } from './change.ts';
import { certificateOf, serviceCredentialOf } from './credential.ts';
import { factOf } from './event-id.ts';
import { matchKeys } from './match-keys.ts';
import { certificateState, serviceCredentialData } from './record-data.ts';

type Before = CredentialRecord | undefined;

/** Signing certificates, matched like keys. A side that is undefined is a user that came or went. */
export function certificateChanges(before: CredentialRecord, after: Before): readonly Change[];
export function certificateChanges(before: Before, after: CredentialRecord): readonly Change[];
export function certificateChanges(before: Before, after: Before): readonly Change[] {
  const record = after ?? before;
  const [old, now] = [before?.certificates ?? [], after?.certificates ?? []];
  if (record === undefined || (old.length === 0 && now.length === 0)) return [];
  const { kept, likely, gone, born } = matchKeys(old, now);
  return [
    ...[...kept, ...likely].flatMap(([was, is]) => switched(record, was, is)),
    ...gone.map((one): Change => {
      return { type: 'certificate.deleted', record, credential: certificateOf(one), before: certificateSide(one) };
    }),
    ...born.map((one): Change => {
      const occurredAt = valueOf(one.createdAt);
      const credential = certificateOf(one);
      return { type: 'certificate.created', record, credential, after: certificateSide(one), occurredAt };
    }),
  ];
}

function switched(record: CredentialRecord, was: CertificateRecord, is: CertificateRecord): readonly Change[] {
  const [wasActive, isActive] = [valueOf(was.active), valueOf(is.active)];
  if (wasActive === undefined || isActive === undefined || wasActive === isActive) return [];
  const type = isActive ? 'certificate.activated' : 'certificate.deactivated';
  return [{ type, record, credential: certificateOf(is), before: certificateSide(was), after: certificateSide(is) }];
}

function certificateSide(one: CertificateRecord): Side {
  return { data: certificateState(one), facts: [factOf(one.createdAt), factOf(one.active)] };
}

/** Told only where both reports could ask. A user that was not there had none. */
export function serviceCredentialChanges(before: CredentialRecord, after: Before): readonly Change[];
export function serviceCredentialChanges(before: Before, after: CredentialRecord): readonly Change[];
export function serviceCredentialChanges(before: Before, after: Before): readonly Change[] {
  const record = after ?? before;
  const old = before === undefined ? [] : before.serviceCredentials;
  const now = after === undefined ? [] : after.serviceCredentials;
  if (record === undefined || old === undefined || now === undefined) return [];
  return [
    ...now.flatMap((one) => serviceSwitched(record, old, one)),
    ...without(old, now).map((one): Change => {
      const credential = serviceCredentialOf(one);
      return { type: 'service_credential.deleted', record, credential, before: serviceCredentialSide(one) };
    }),
    ...without(now, old).map((one): Change => {
      const credential = serviceCredentialOf(one);
      const occurredAt = valueOf(one.createdAt);
      return { type: 'service_credential.created', record, credential, after: serviceCredentialSide(one), occurredAt };
    }),
  ];
}

function serviceSwitched(
  record: CredentialRecord,
  old: readonly ServiceCredentialRecord[],
  is: ServiceCredentialRecord,
): readonly Change[] {
  const was = old.find(({ id }) => id === is.id);
  const [wasActive, isActive] = [was && valueOf(was.active), valueOf(is.active)];
  if (was === undefined || wasActive === undefined || isActive === undefined || wasActive === isActive) return [];
  return [
    {
      type: isActive ? 'service_credential.activated' : 'service_credential.deactivated',
      record,
      credential: serviceCredentialOf(is),
      before: switchSide(was),
      after: switchSide(is),
    },
  ];
}

function switchSide(one: ServiceCredentialRecord): Side {
  return { data: serviceCredentialData(one), facts: [factOf(one.createdAt), one.service, factOf(one.active)] };
}

function without(
  some: readonly ServiceCredentialRecord[],
  others: readonly ServiceCredentialRecord[],
): readonly ServiceCredentialRecord[] {
  return some.length === 0 ? some : some.filter(({ id }) => !others.some((other) => other.id === id));
}

function serviceCredentialSide(one: ServiceCredentialRecord): Side {
  return { data: serviceCredentialData(one), facts: [factOf(one.createdAt), one.service] };
}
