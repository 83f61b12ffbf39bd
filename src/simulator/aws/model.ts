import type { Instant } from '../../domain/instant.ts';
import type { Allow, Policy } from '../allow.ts';
import type { ReportState } from '../built-report.ts';
import type { AuditState } from './audit-state.ts';

export const ROOT_NAME = '<root_account>';

interface KeyUse {
  readonly at: Instant;
  readonly service: string;
  /** `N/A` for services without regions. */
  readonly region: string;
}

export interface AccessKey {
  readonly id: string;
  active: boolean;
  readonly createdAt: Instant;
  lastUsed: KeyUse | undefined;
}

interface SigningCertificate {
  readonly id: string;
  active: boolean;
  readonly createdAt: Instant;
}

export interface ServiceCredential {
  readonly id: string;
  readonly service: string;
  readonly userName: string;
  active: boolean;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | undefined;
}

interface ConsolePassword {
  readonly createdAt: Instant;
  changedAt: Instant;
}

/** Actions such as `iam:ListUsers`, `iam:List*`; or everything. */
export type { Allow };

/** A user, or the root of an account. */
export interface Identity {
  readonly kind: 'root' | 'user';
  name: string;
  readonly path: string;
  /** AIDA… of a user, the account id of the root. */
  readonly id: string;
  readonly createdAt: Instant;
  password: ConsolePassword | undefined;
  /** Survives the password: ListUsers still tells it. */
  passwordLastUsedAt: Instant | undefined;
  mfa: boolean;
  accessKeys: AccessKey[];
  certificates: SigningCertificate[];
  serviceCredentials: ServiceCredential[];
  readonly tags: Map<string, string>;
  allow: Allow;
}

export interface Role {
  readonly name: string;
  readonly path?: string;
  readonly createdAt?: Instant;
  readonly id: string;
  readonly externalId: string | undefined;
  /** ARNs; `arn:aws:iam::123456789012:root` stands for the whole account. */
  readonly trusts: readonly string[];
  /** A trust policy to the letter, instead of `trusts` and `externalId`. */
  trust?: Policy;
  readonly maxSessionSeconds: number;
  allow: Allow;
}

/** `live`: as AWS writes it since 2026. `old`: `+00:00` dates, and `not_supported` in the root's password columns. */
export type ReportForm = 'live' | 'old';

export interface SimulatedAccount {
  readonly id: string;
  readonly alias: string;
  readonly name: string;
  readonly root: Identity;
  /** By lower-case name: names are unique whatever their case. */
  readonly users: Map<string, Identity>;
  readonly roles: Map<string, Role>;
  readonly passwordMaxAgeDays: number | undefined;
  reportForm: ReportForm;
  /** The documented 23rd column, `additional_credentials_info`. */
  extraColumn: boolean;
  readonly report: ReportState;
  readonly audit: AuditState;
}

export function identitiesOf(account: SimulatedAccount): readonly Identity[] {
  return [account.root, ...account.users.values()];
}

/** Case-insensitively by name, as AWS sorts users. */
export function usersByName(account: SimulatedAccount): readonly Identity[] {
  return [...account.users].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, user]) => user);
}
