import { createHash } from 'node:crypto';
import type { Instant } from '../../domain/instant.ts';
import type { BuiltReport } from '../built-report.ts';
import type { History } from '../history.ts';
import type { MemberRoll } from '../member-roll.ts';
import { type Random, seededRandom } from '../random.ts';
import type { SimulatedClock } from '../simulated-clock.ts';
import { newAuditState } from './audit-state.ts';
import type { AccessKey, Identity, SimulatedAccount } from './model.ts';
import { ROOT_NAME } from './model.ts';

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789';

/** Every simulated account and all that truly happened in them. Mutated by `mutate` only, so that the history is whole. */
export interface World {
  readonly seed: number;
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly history: History;
  readonly reports: BuiltReport[];
  readonly accounts: Map<string, SimulatedAccount>;
  readonly keyOwners: Map<string, KeyOwner>;
  readonly cacheWindowMs: number;
  readonly buildMs: number;
  /** The cloud cuts pages at so many rows, whatever it was asked for. */
  readonly pageRows: number;
  /** The resource directory. */
  readonly directory: MemberRoll;
}

interface KeyOwner {
  readonly account: SimulatedAccount;
  readonly identity: Identity;
  readonly key: AccessKey;
}

export type WorldOptions = Omit<World, 'accounts' | 'keyOwners' | 'random'>;

export function createWorld(options: WorldOptions): World {
  return {
    ...options,
    random: seededRandom(options.seed, 'alibaba'),
    accounts: new Map(),
    keyOwners: new Map(),
  };
}

export interface NewAccount {
  readonly id: string;
  readonly alias: string;
  readonly name: string;
  readonly createdAt: Instant;
  readonly passwordMaxAgeDays?: number | undefined;
}

export function addAccount(world: World, made: NewAccount): SimulatedAccount {
  const root = newIdentity({ kind: 'root', name: ROOT_NAME, id: made.id, createdAt: made.createdAt });
  root.console = { isActive: true, changedAt: made.createdAt };
  const account: SimulatedAccount = {
    id: made.id,
    alias: made.alias,
    name: made.name,
    root,
    users: new Map(),
    roles: new Map(),
    passwordMaxAgeDays: made.passwordMaxAgeDays,
    report: { stored: undefined, building: undefined, injected: undefined, tears: 0, cutPage: undefined },
    audit: newAuditState(),
  };
  world.accounts.set(account.id, account);
  return account;
}

export function newIdentity(known: Pick<Identity, 'kind' | 'name' | 'id' | 'createdAt'>): Identity {
  return {
    ...known,
    console: undefined,
    lastLogonAt: undefined,
    mfa: false,
    accessKeys: [],
    allow: known.kind === 'root' ? '*' : [],
  };
}

export function newKeyId(random: Random): string {
  return `LTAI5t${random.text(LETTERS, 18)}`;
}

export function newUserId(random: Random): string {
  return `2${random.text('0123456789', 17)}`;
}

/** Fake secrets are worked out from the seed, so that they need not be kept. */
export function secretOf(world: World, keyId: string): string {
  return createHash('sha256').update(`${world.seed}/alibaba/${keyId}`).digest('base64url').slice(0, 30);
}
