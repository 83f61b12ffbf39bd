import { createHash } from 'node:crypto';
import type { Instant } from '../../domain/instant.ts';
import type { BuiltReport } from '../built-report.ts';
import { createHistory, type History } from '../history.ts';
import { type Random, seededRandom } from '../random.ts';
import type { SimulatedClock } from '../simulated-clock.ts';
import { AUDIT_PACE, type AuditPace, newAuditState } from './audit-state.ts';
import type { AccessKey, Allow, Identity, SimulatedAccount } from './model.ts';
import { newOrganization, type SimulatedOrganization } from './organization.ts';
import type { ReportPace } from './report-machine.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Every simulated account and all that truly happened in them. Mutated by `mutate` only, so that the history is whole. */
export interface World {
  readonly partition: string;
  readonly seed: number;
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly history: History;
  readonly pace: ReportPace;
  readonly auditPace: AuditPace;
  readonly accounts: Map<string, SimulatedAccount>;
  readonly keyOwners: Map<string, KeyOwner>;
  /** Every report that was ever built, oldest first. */
  readonly reports: BuiltReport[];
  readonly hubAccountId: string;
  readonly organization: SimulatedOrganization;
}

interface KeyOwner {
  readonly account: SimulatedAccount;
  readonly identity: Identity;
  readonly key: AccessKey;
}

export interface WorldOptions {
  readonly partition: string;
  readonly seed: number;
  readonly clock: SimulatedClock;
  readonly pace: ReportPace;
  readonly auditPace?: Partial<AuditPace>;
  readonly hubAccountId: string;
}

export function createWorld(options: WorldOptions): World {
  return {
    ...options,
    auditPace: { ...AUDIT_PACE, ...options.auditPace },
    random: seededRandom(options.seed, 'world'),
    history: createHistory(),
    accounts: new Map(),
    keyOwners: new Map(),
    reports: [],
    organization: newOrganization(options.hubAccountId),
  };
}

export interface NewAccount {
  readonly id: string;
  readonly alias: string;
  readonly name: string;
  readonly createdAt: Instant;
  readonly passwordMaxAgeDays?: number;
}

/** An account with a root that has neither password, MFA nor keys yet. */
export function addAccount(world: World, made: NewAccount): SimulatedAccount {
  const account: SimulatedAccount = {
    id: made.id,
    alias: made.alias,
    name: made.name,
    root: newIdentity({ kind: 'root', name: '<root_account>', path: '/', id: made.id, createdAt: made.createdAt }),
    users: new Map(),
    roles: new Map(),
    passwordMaxAgeDays: made.passwordMaxAgeDays,
    reportForm: 'live',
    extraColumn: false,
    report: { stored: undefined, building: undefined, injected: undefined },
    audit: newAuditState(),
  };
  world.accounts.set(account.id, account);
  return account;
}

export function newIdentity(known: Pick<Identity, 'kind' | 'name' | 'path' | 'id' | 'createdAt'>): Identity {
  const allow: Allow = known.kind === 'root' ? '*' : [];
  return {
    ...known,
    password: undefined,
    passwordLastUsedAt: undefined,
    mfa: false,
    accessKeys: [],
    certificates: [],
    serviceCredentials: [],
    tags: new Map(),
    allow,
  };
}

export function findUser(account: SimulatedAccount, name: string): Identity | undefined {
  return account.users.get(name.toLowerCase());
}

/** `AKIA…`, `AIDA…`, `ACCA…`: the prefix says what it names. */
export function newId(random: Random, prefix: string): string {
  return `${prefix}${random.text(BASE32, 16)}`;
}

/** Fake secrets are worked out from the seed, so that they need not be kept. */
export function secretOf(world: World, keyId: string): string {
  return createHash('sha256').update(`${world.seed}/secret/${keyId}`).digest('base64').slice(0, 40);
}

export function identityArn(world: World, account: SimulatedAccount, identity: Identity): string {
  const resource = identity.kind === 'root' ? 'root' : `user${identity.path}${identity.name}`;
  return `arn:${world.partition}:iam::${account.id}:${resource}`;
}

export function roleArn(world: World, accountId: string, roleName: string): string {
  return `arn:${world.partition}:iam::${accountId}:role/${roleName}`;
}
