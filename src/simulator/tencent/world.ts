import { createHash } from 'node:crypto';
import type { Instant } from '../../domain/instant.ts';
import type { History } from '../history.ts';
import type { MemberRoll } from '../member-roll.ts';
import { type Random, seededRandom } from '../random.ts';
import type { SimulatedClock } from '../simulated-clock.ts';
import { newAudit } from './audit-state.ts';
import type { SecretKey, Site, TencentAccount, TencentUser, UserType } from './model.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const ZONE_MS = 8 * 3_600_000;

interface KeyOwner {
  readonly account: TencentAccount;
  readonly user: TencentUser;
  readonly key: SecretKey;
}

/** Every simulated account of Tencent Cloud. Mutated by `mutate` only, so that the history is whole. */
export interface TencentWorld {
  readonly seed: number;
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly history: History;
  readonly accounts: Map<string, TencentAccount>;
  readonly keyOwners: Map<string, KeyOwner>;
  readonly organization: MemberRoll;
  nextUin: number;
}

export function createTencentWorld(
  seed: number,
  clock: SimulatedClock,
  history: History,
  organization: MemberRoll,
): TencentWorld {
  return {
    seed,
    clock,
    random: seededRandom(seed, 'tencent'),
    history,
    accounts: new Map(),
    keyOwners: new Map(),
    organization,
    nextUin: 100_020_000_001,
  };
}

export function addTencentAccount(world: TencentWorld, id: string, name: string, site: Site): TencentAccount {
  const account: TencentAccount = {
    id,
    name,
    site,
    createdAt: world.clock.now() - 900 * 86_400_000,
    hasListAccounts: site === 'mainland',
    listsOwner: false,
    users: new Map(),
    roles: new Map(),
    audit: newAudit(),
  };
  world.accounts.set(id, account);
  return account;
}

/** A receiver without an account of its own has the UIN 0, and is kept by its UID. */
export function newTencentUser(
  world: TencentWorld,
  known: { readonly name: string; readonly type: UserType; readonly createdAt: Instant; readonly uin?: number },
): TencentUser {
  world.nextUin += 1;
  const { name, type, createdAt, uin = world.nextUin } = known;
  return {
    uin,
    uid: world.nextUin % 100_000_000,
    name,
    type,
    createdAt,
    console: false,
    lastLoginAt: undefined,
    loginFlags: [],
    actionFlags: [],
    keys: [],
    broken: new Map(),
    allow: [],
  };
}

export function newSecretId(random: Random): string {
  return `AKID${random.text(LETTERS, 32)}`;
}

/** Fake secrets are worked out from the seed, so that they need not be kept. */
export function secretKeyOf(world: TencentWorld, secretId: string): string {
  return createHash('sha256').update(`${world.seed}/tencent/${secretId}`).digest('hex').slice(0, 32);
}

export function userArn(account: TencentAccount, user: TencentUser): string {
  return `qcs::cam::uin/${account.id}:uin/${user.uin}`;
}

/** Longer than a number of JavaScript's can be, as CAM's are. */
export function roleIdOf(account: Pick<TencentAccount, 'id'>, name: string): string {
  const hex = createHash('sha256').update(`${account.id}/${name}`).digest('hex').slice(0, 8);
  return String(4_611_686_018_000_000_000n + BigInt(Number.parseInt(hex, 16) % 1_000_000_000));
}

export function findUser(account: TencentAccount, name: string): TencentUser | undefined {
  return [...account.users.values()].find((user) => user.name === name);
}

/** `2019-08-16 09:25:56`: without a zone, and always China's. */
export function naive(instant: Instant): string {
  return new Date(instant + ZONE_MS).toISOString().slice(0, 19).replace('T', ' ');
}
