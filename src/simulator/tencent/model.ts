import type { Instant } from '../../domain/instant.ts';
import type { Allow, Policy } from '../allow.ts';
import type { TencentAudit } from './audit-state.ts';

export interface SecretKey {
  readonly id: string;
  active: boolean;
  readonly createdAt: Instant;
  lastUsedAt: Instant | undefined;
}

/** As ListAccounts names them; the second is the number that DescribeSubAccounts tells. */
export const USER_TYPES = {
  SubUser: 2,
  WechatCorpUser: 3,
  Collaborator: 4,
  MessageReceiver: 5,
  CICUser: 2,
} as const;
export type UserType = keyof typeof USER_TYPES;

/** Actions such as `cam:ListUsers`, `cam:List*`; or everything. */
export type { Allow };

export interface TencentUser {
  /** 0 of a message receiver without an account. */
  readonly uin: number;
  readonly uid: number;
  readonly name: string;
  readonly type: UserType;
  readonly createdAt: Instant;
  console: boolean;
  lastLoginAt: Instant | undefined;
  /** Of `Phone`, `Token`, `Stoken`, `Wechat`, `U2FToken`, …: those that are asked for at sign-in, and before sensitive operations. */
  loginFlags: readonly string[];
  actionFlags: readonly string[];
  keys: SecretKey[];
  /** Code that an action answers about this user, to plant a fault of one. */
  readonly broken: Map<string, string>;
  allow: Allow;
}

export interface TencentRole {
  readonly name: string;
  readonly externalId: string | undefined;
  /** Principals: `qcs::cam::uin/<main>:uin/<sub>`, or `…:root` for a whole account. */
  readonly trusts: readonly string[];
  /** A trust policy to the letter, instead of `trusts` and `externalId`. */
  trust?: Policy;
  /** What an identity provider's token must be; undefined where the role takes none. */
  readonly webIdentity: { readonly providerId: string; readonly token: string } | undefined;
  allow: Allow;
}

export type Site = 'mainland' | 'international';

export interface TencentAccount {
  /** The main account's UIN. */
  readonly id: string;
  readonly name: string;
  readonly site: Site;
  readonly createdAt: Instant;
  /** False: ListAccounts answers InvalidAction, as before June 2026. */
  hasListAccounts: boolean;
  /** Whether ListAccounts lists the main account too. */
  listsOwner: boolean;
  readonly users: Map<number, TencentUser>;
  readonly roles: Map<string, TencentRole>;
  readonly audit: TencentAudit;
}
