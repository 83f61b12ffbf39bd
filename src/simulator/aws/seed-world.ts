import { Fault } from '../../domain/fault.ts';
import { seededRandom } from '../random.ts';
import type { ReportForm, SimulatedAccount } from './model.ts';
import { mutate } from './mutations/mutate.ts';
import { seedAccount } from './seed-account.ts';
import { seedActivity } from './seed-activity.ts';
import { addAccount, findUser, identityArn, newId, roleArn, secretOf, type World } from './world.ts';

const DAY_MS = 86_400_000;
const NAMES = ['prod', 'staging', 'data', 'security', 'payments', 'retail', 'research', 'sandbox', 'shared', 'legacy'];
const HUB_USER = 'muster-hub';

/** What one account is to be like; all of it has a default. */
export interface AccountSeed {
  readonly id?: string;
  readonly alias?: string;
  readonly name?: string;
  readonly users?: number;
  readonly form?: ReportForm;
  readonly extraColumn?: boolean;
}

export interface SeedPlan {
  readonly accounts: readonly AccountSeed[];
  readonly usersPerAccount: number;
  readonly roleName: string;
  readonly externalId: string;
}

export interface SeededAccount {
  readonly id: string;
  readonly alias: string;
  readonly name: string;
  readonly roleArn: string;
  readonly roleName: string;
  readonly externalId: string;
}

export interface Hub {
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The account with the one user that may assume the role in all others. */
export function seedHub(world: World): Hub {
  const createdAt = world.clock.now() - 900 * DAY_MS;
  const { hubAccountId: id } = world;
  const account = addAccount(world, { id, alias: 'example-hub', name: 'hub', createdAt });
  mutate(world, { account: id, do: 'create_user', user: HUB_USER, path: '/service/' }, createdAt + DAY_MS);
  const key_id = newId(seededRandom(world.seed, 'hub'), 'AKIA');
  mutate(world, { account: id, do: 'create_key', user: HUB_USER, key_id }, createdAt + DAY_MS + 60_000);
  const user = findUser(account, HUB_USER);
  if (user !== undefined) user.allow = '*';
  return { accountId: id, accessKeyId: key_id, secretAccessKey: secretOf(world, key_id) };
}

export function seedAccounts(world: World, plan: SeedPlan): readonly SeededAccount[] {
  return plan.accounts.map((seed, index) => seedOne(world, plan, seed, index));
}

function seedOne(world: World, plan: SeedPlan, seed: AccountSeed, index: number): SeededAccount {
  const random = seededRandom(world.seed, `id/${index}`);
  const id = seed.id ?? String(100_000_000_000 + random.below(800_000_000) * 1_000 + index);
  if (!/^\d{12}$/.test(id) || world.accounts.has(id)) throw new Fault('misconfigured', `${id}: not a new account id`);
  const number = Math.floor(index / NAMES.length);
  const name = seed.name ?? `${NAMES[index % NAMES.length]}${number === 0 ? '' : `-${number}`}`;
  const alias = seed.alias ?? `example-${name}`;
  const createdAt = world.clock.now() - (750 + random.below(900)) * DAY_MS;
  const rotation = random.chance(0.3) ? { passwordMaxAgeDays: 90 } : {};
  const account = addAccount(world, { id, alias, name, createdAt, ...rotation });
  account.reportForm = seed.form ?? 'live';
  account.extraColumn = seed.extraColumn ?? false;
  addRole(world, plan, account);
  seedAccount(world, account, seed.users ?? plan.usersPerAccount);
  seedActivity(world, account);
  const { roleName, externalId } = plan;
  return { id, alias, name, roleArn: roleArn(world, id, roleName), roleName, externalId };
}

function addRole(world: World, plan: SeedPlan, account: SimulatedAccount): void {
  const hub = world.accounts.get(world.hubAccountId);
  const hubUser = hub === undefined ? undefined : findUser(hub, HUB_USER);
  account.roles.set(plan.roleName, {
    name: plan.roleName,
    id: newId(seededRandom(world.seed, `role/${account.id}`), 'AROA'),
    externalId: plan.externalId,
    trusts: hub === undefined || hubUser === undefined ? [] : [identityArn(world, hub, hubUser)],
    maxSessionSeconds: 3_600,
    allow: ['iam:Generate*', 'iam:Get*', 'iam:List*', 'cloudtrail:LookupEvents'],
  });
}
