import type { Instant } from '../domain/instant.ts';
import type {
  AccessKeyRecord,
  CertificateRecord,
  CredentialRecord,
  Field,
  ServiceCredentialRecord,
} from '../domain/record.ts';
import { fastIso } from '../kit/fast-iso.ts';

type Data = Record<string, unknown>;

/** A record as an event shows it: snake_case; a field without a value is left out and `<field>_reason` says why. */
export function recordData(record: CredentialRecord, cells: Readonly<Record<string, string>>): Data {
  const data: Data = {};
  const { identity, console } = record;
  putInstant(data, CREATED_AT, identity.createdAt);
  put(data, CONSOLE_ENABLED, console.enabled);
  putInstant(data, CONSOLE_LAST_USED_AT, console.lastUsedAt);
  putInstant(data, PASSWORD_CHANGED_AT, console.passwordChangedAt);
  putInstant(data, PASSWORD_NEXT_ROTATION_AT, console.nextRotationAt);
  put(data, MFA_ENABLED, record.mfa);
  putKnown(data, MFA_HARDWARE, record.hardwareMfa);
  putKnown(data, LOGIN_PROTECTION, record.loginProtection);
  putKnown(data, OPERATION_PROTECTION, record.operationProtection);
  putKnown(data, ABNORMAL_LOGINS, record.abnormalLogins);
  data['access_keys'] = record.accessKeys.map(accessKeyData);
  data['certificates'] = record.certificates.map(certificateData);
  if (record.serviceCredentials !== undefined) {
    data['service_credentials'] = record.serviceCredentials.map(serviceCredentialData);
  }
  if (record.tags !== undefined) data['tags'] = record.tags;
  data['derived'] = record.derived;
  data['cells'] = cells;
  return data;
}

function accessKeyData(key: AccessKeyRecord): Data {
  const data: Data = { slot: key.slot };
  if (key.id !== undefined) data['id'] = key.id;
  put(data, ACTIVE, key.active);
  putInstant(data, CREATED_AT, key.createdAt);
  putInstant(data, LAST_USED_AT, key.lastUsedAt);
  put(data, LAST_USED_REGION, key.lastUsedRegion);
  put(data, LAST_USED_SERVICE, key.lastUsedService);
  putKnown(data, AT_RISK, key.atRisk);
  return data;
}

function certificateData(certificate: CertificateRecord): Data {
  const data: Data = { slot: certificate.slot };
  put(data, ACTIVE, certificate.active);
  putInstant(data, CREATED_AT, certificate.createdAt);
  return data;
}

export function serviceCredentialData(credential: ServiceCredentialRecord): Data {
  const data: Data = { id: credential.id, service: credential.service };
  put(data, ACTIVE, credential.active);
  putInstant(data, CREATED_AT, credential.createdAt);
  putInstant(data, EXPIRES_AT, credential.expiresAt);
  return data;
}

/** What a key is, without what it did: the two sides of a change. */
export function keyState(key: AccessKeyRecord): Data {
  const data: Data = {};
  if (key.id !== undefined) data['id'] = key.id;
  put(data, ACTIVE, key.active);
  putInstant(data, CREATED_AT, key.createdAt);
  return data;
}

/** What a credential did, told by a cloud: one side of a use. */
export function keyUse(key: AccessKeyRecord): Data {
  const data: Data = {};
  putInstant(data, LAST_USED_AT, key.lastUsedAt);
  put(data, LAST_USED_REGION, key.lastUsedRegion);
  put(data, LAST_USED_SERVICE, key.lastUsedService);
  return data;
}

export function consoleUse({ console }: CredentialRecord): Data {
  const data: Data = {};
  putInstant(data, CONSOLE_LAST_USED_AT, console.lastUsedAt);
  return data;
}

export function certificateState({ active, createdAt }: CertificateRecord): Data {
  const data: Data = {};
  put(data, ACTIVE, active);
  putInstant(data, CREATED_AT, createdAt);
  return data;
}

/** The three names of one field, made once: this is the hot path. */
interface Names {
  readonly name: string;
  readonly reason: string;
  readonly why: string;
}

const CREATED_AT = names('created_at');
const CONSOLE_ENABLED = names('console_enabled');
const CONSOLE_LAST_USED_AT = names('console_last_used_at');
const PASSWORD_CHANGED_AT = names('password_changed_at');
const PASSWORD_NEXT_ROTATION_AT = names('password_next_rotation_at');
const MFA_ENABLED = names('mfa_enabled');
const MFA_HARDWARE = names('mfa_hardware');
const ACTIVE = names('active');
const LAST_USED_AT = names('last_used_at');
const LAST_USED_REGION = names('last_used_region');
const LAST_USED_SERVICE = names('last_used_service');
const EXPIRES_AT = names('expires_at');
const LOGIN_PROTECTION = names('login_protection');
const OPERATION_PROTECTION = names('operation_protection');
const ABNORMAL_LOGINS = names('abnormal_logins');
const AT_RISK = names('at_risk');

function names(name: string): Names {
  return { name, reason: `${name}_reason`, why: `${name}_why` };
}

function put(data: Data, names: Names, field: Field<string | boolean>): void {
  if ('value' in field) data[names.name] = field.value;
  else putReason(data, names, field);
}

/** A word that the cloud does not have makes no field at all. */
function putKnown(data: Data, names: Names, field: Field<boolean> | undefined): void {
  if (field !== undefined) put(data, names, field);
}

function putInstant(data: Data, names: Names, field: Field<Instant>): void {
  if ('value' in field) data[names.name] = fastIso(field.value);
  else putReason(data, names, field);
}

function putReason(data: Data, names: Names, field: { readonly reason: string; readonly why?: string }): void {
  data[names.reason] = field.reason;
  if (field.why !== undefined) data[names.why] = field.why;
}
