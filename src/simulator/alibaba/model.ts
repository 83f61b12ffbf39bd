import type { Instant } from '../../domain/instant.ts';
import type { Allow, Policy } from '../allow.ts';
import type { ReportState } from '../built-report.ts';
import type { AuditState } from './audit-state.ts';

export const ROOT_NAME = '<root>';

export type { Allow };

export interface AccessKey {
  readonly id: string;
  active: boolean;
  readonly createdAt: Instant;
  lastUsedAt: Instant | undefined;
}

export interface Identity {
  readonly kind: 'root' | 'user';
  readonly name: string;
  readonly id: string;
  readonly createdAt: Instant;
  /** `isActive` false: the console login is suspended. */
  console: { isActive: boolean; changedAt: Instant } | undefined;
  lastLogonAt: Instant | undefined;
  mfa: boolean;
  readonly accessKeys: AccessKey[];
  allow: Allow;
}

export interface Role {
  readonly name: string;
  readonly id: string;
  readonly createdAt: Instant;
  readonly externalId: string | undefined;
  /** ARNs of users and roles; `acs:ram::<id>:root` stands for a whole account; an OIDC provider's ARN for its tokens. */
  readonly trusts: readonly string[];
  /** A trust policy to the letter, instead of `trusts` and `externalId`. */
  trust?: Policy;
  readonly maxSessionSeconds: number;
  allow: Allow;
}

export interface SimulatedAccount {
  readonly id: string;
  /** Stands in every principal name. */
  alias: string;
  readonly name: string;
  readonly root: Identity;
  readonly users: Map<string, Identity>;
  readonly roles: Map<string, Role>;
  readonly passwordMaxAgeDays: number | undefined;
  readonly report: PagedReportState;
  readonly audit: AuditState;
}

interface PagedReportState extends ReportState {
  /** So many pages after the first are of another report. */
  tears: number;
  /** This page is sent short of its last bytes. */
  cutPage: { readonly number: number; readonly bytes: number } | undefined;
}

export function principalName(account: SimulatedAccount, identity: Identity): string {
  return identity.kind === 'root' ? ROOT_NAME : `${identity.name}@${account.alias}.onaliyun.com`;
}

export function identityArn(account: SimulatedAccount, identity: Identity): string {
  return `acs:ram::${account.id}:${identity.kind === 'root' ? 'root' : `user/${identity.name}`}`;
}
