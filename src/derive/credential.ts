import type { Instant } from '../domain/instant.ts';
import type { AccessKeyRecord, CertificateRecord, Field, ServiceCredentialRecord } from '../domain/record.ts';

/** What a verdict or a change is about beside the identity. No slot: slots are not identities. */
export interface Credential {
  readonly kind: string;
  readonly createdAt: Field<Instant>;
  readonly id?: string;
}

export function accessKeyOf({ createdAt, id }: AccessKeyRecord): Credential {
  return id === undefined ? { kind: 'access_key', createdAt } : { kind: 'access_key', createdAt, id };
}

export function certificateOf({ createdAt }: CertificateRecord): Credential {
  return { kind: 'certificate', createdAt };
}

export function serviceCredentialOf({ createdAt, id }: ServiceCredentialRecord): Credential {
  return { kind: 'service_credential', createdAt, id };
}
