import type { Instant } from './instant.ts';

/** Why a field of a record has no value. These are different facts, and are never merged. */
export type Reason = 'never' | 'absent' | 'unsupported' | 'unknown';

/** `never`: tracked, did not happen. `absent`: there is no such password or key. `unsupported`: cannot apply. `unknown`: not told, or not understood. */
export type Field<T> = { readonly value: T } | { readonly reason: Reason; readonly why?: string };

/** The last three are Tencent Cloud's: people of other accounts, of WeCom, and addresses that only receive messages. */
export type IdentityKind = 'root' | 'user' | 'collaborator' | 'wecom_user' | 'message_receiver';

export interface IdentityRecord {
  readonly kind: IdentityKind;
  readonly name: string;
  /** The cloud's own name for it in the report (an ARN on AWS): the same with and without the extra parts. */
  readonly id: string;
  /** The cloud's internal id, where an extra part told it. */
  readonly uniqueId?: string;
  readonly createdAt: Field<Instant>;
}

export interface ConsoleRecord {
  readonly enabled: Field<boolean>;
  readonly lastUsedAt: Field<Instant>;
  readonly passwordChangedAt: Field<Instant>;
  readonly nextRotationAt: Field<Instant>;
}

/** A key that exists. Slots without a key make no record. */
export interface AccessKeyRecord {
  readonly slot: number;
  /** Known only where an extra part told it without doubt. */
  readonly id?: string;
  readonly active: Field<boolean>;
  readonly createdAt: Field<Instant>;
  readonly lastUsedAt: Field<Instant>;
  readonly lastUsedRegion: Field<string>;
  readonly lastUsedService: Field<string>;
  /** The report has no date of a use where it would stand: checks take it for never, changes and records do not know. */
  readonly isPresumedUnused?: boolean;
  /** The cloud thinks that it may have leaked; undefined where the cloud has no such word. */
  readonly atRisk?: Field<boolean>;
}

export interface CertificateRecord {
  readonly slot: number;
  readonly active: Field<boolean>;
  readonly createdAt: Field<Instant>;
}

/** A long-lived credential that the report itself does not show (CodeCommit, Bedrock, …). */
export interface ServiceCredentialRecord {
  readonly id: string;
  readonly service: string;
  readonly active: Field<boolean>;
  readonly createdAt: Field<Instant>;
  readonly expiresAt: Field<Instant>;
}

/** One typed row of a credential report: an identity and its credentials. */
export interface CredentialRecord {
  readonly identity: IdentityRecord;
  readonly console: ConsoleRecord;
  readonly mfa: Field<boolean>;
  /** The second factor is a device of its own, not a program on a phone; undefined when nobody asked. */
  readonly hardwareMfa?: Field<boolean>;
  readonly accessKeys: readonly AccessKeyRecord[];
  readonly certificates: readonly CertificateRecord[];
  /** Undefined when nobody asked or nobody was allowed to. */
  readonly serviceCredentials?: readonly ServiceCredentialRecord[];
  /** A second factor is asked for at sign-in; undefined, like the two below, where the cloud has no such word. */
  readonly loginProtection?: Field<boolean>;
  /** A second factor is asked for before sensitive operations. */
  readonly operationProtection?: Field<boolean>;
  /** The cloud saw unusual sign-ins lately. */
  readonly abnormalLogins?: Field<boolean>;
  /** The user's own tags in the cloud; undefined when nobody asked or nobody was allowed to. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The cloud's own cells, in the order of `ParsedReport.columns`. */
  readonly cells: readonly string[];
  /** Names of the fields that Muster worked out. */
  readonly derived: readonly string[];
}

export function valueOf<T>(field: Field<T>): T | undefined {
  return 'value' in field ? field.value : undefined;
}
