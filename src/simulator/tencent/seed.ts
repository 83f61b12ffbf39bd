import type { Instant } from '../../domain/instant.ts';
import { seededRandom } from '../random.ts';
import type { Site, TencentAccount, UserType } from './model.ts';
import { mutateTencent, type TencentMutation } from './mutate.ts';
import { seedActivity } from './seed-activity.ts';
import { addTencentAccount, newSecretId, secretKeyOf, type TencentWorld, userArn } from './world.ts';

const DAY_MS = 86_400_000;
export const HUB_ID = '100010000001';
const HUB_ALLOW = [
  'sts:AssumeRole',
  'sts:GetCallerIdentity',
  'organization:DescribeOrganizationMembers',
  'organization:DescribeOrganization',
];
const HUB_USER = 'muster-hub';
const NAMES = ['games', 'video', 'shop', 'cloud-native', 'overseas'];
const PEOPLE = ['chen', 'li', 'wang', 'zhang', 'liu', 'zhao', 'huang', 'zhou', 'wu', 'xu'];

/** What one account is to be like; all of it has a default. */
export interface TencentAccountSeed {
  readonly id?: string;
  readonly name?: string;
  readonly site?: Site;
  readonly users?: number;
}

export interface TencentSeedPlan {
  readonly accounts: readonly TencentAccountSeed[];
  readonly usersPerAccount: number;
  readonly roleName: string;
  readonly externalId: string;
}

export interface SeededTencentAccount {
  readonly id: string;
  readonly name: string;
  readonly site: Site;
  readonly roleName: string;
  readonly roleArn: string;
  readonly externalId: string;
}

export interface TencentHub {
  readonly secretId: string;
  readonly secretKey: string;
}

/** The account with the one user that may take the role in all others. */
export function seedTencentHub(world: TencentWorld): TencentHub {
  const at = world.clock.now() - 800 * DAY_MS;
  const account = addTencentAccount(world, HUB_ID, 'hub', 'mainland');
  const key_id = newSecretId(seededRandom(world.seed, 'tencent-hub'));
  mutateTencent(world, { account: HUB_ID, do: 'create_user', user: HUB_USER }, at);
  mutateTencent(world, { account: HUB_ID, do: 'create_key', user: HUB_USER, key_id }, at);
  for (const user of account.users.values()) user.allow = HUB_ALLOW;
  return { secretId: key_id, secretKey: secretKeyOf(world, key_id) };
}

export function seedTencentAccounts(world: TencentWorld, plan: TencentSeedPlan): readonly SeededTencentAccount[] {
  return plan.accounts.map((seed, index) => seedOne(world, plan, seed, index));
}

function seedOne(world: TencentWorld, plan: TencentSeedPlan, seed: TencentAccountSeed, index: number) {
  const { roleName, externalId } = plan;
  const id = seed.id ?? String(100_010_000_101 + index);
  const turn = Math.floor(index / NAMES.length);
  const name = seed.name ?? `tencent-${NAMES[index % NAMES.length]}${turn === 0 ? '' : `-${turn}`}`;
  const site = seed.site ?? 'mainland';
  const account = addTencentAccount(world, id, name, site);
  addRole(world, account, plan);
  seedUsers(world, account, seed.users ?? plan.usersPerAccount);
  if (account.users.size > 0) seedActivity(world, account);
  return { id, name, site, roleName, externalId, roleArn: `qcs::cam::uin/${id}:roleName/${roleName}` };
}

function addRole(world: TencentWorld, account: TencentAccount, { roleName, externalId }: TencentSeedPlan): void {
  const hub = world.accounts.get(HUB_ID);
  const trusts = hub === undefined ? [] : [...hub.users.values()].map((user) => userArn(hub, user));
  const allow = ['cam:List*', 'cam:Describe*', 'cam:Get*', 'sts:GetCallerIdentity', 'cloudaudit:LookUpEvents'];
  account.roles.set(roleName, { name: roleName, externalId, trusts, webIdentity: undefined, allow });
}

type Planned = Omit<TencentMutation, 'account'> & { readonly at: Instant };

/** Years of believable past, told in the history like everything else. */
function seedUsers(world: TencentWorld, account: TencentAccount, users: number): void {
  const random = seededRandom(world.seed, `tencent/${account.id}`);
  const now = world.clock.now();
  const planned: Planned[] = [];
  for (let index = 0; index < users; index += 1) {
    const type = typeOf(index);
    const user = index === 3 ? '=eu,build@ops' : `${PEOPLE[index % PEOPLE.length]}-${index}`;
    const at = now - DAY_MS - random.below(700 * DAY_MS);
    const later = () => at + 60_000 + random.below(now - at - 120_000);
    planned.push({ at, do: 'create_user', user, type });
    if (type === 'MessageReceiver') continue;
    if (type !== 'Collaborator' && random.chance(0.7)) planned.push({ at: at + 1_000, do: 'enable_console', user });
    if (random.chance(0.6)) planned.push({ at: at + 2_000, do: 'protect_login', user, flags: 'Phone,Stoken' });
    if (random.chance(0.4)) planned.push({ at: at + 3_000, do: 'protect_actions', user, flags: 'Stoken' });
    if (random.chance(0.6)) planned.push({ at: later(), do: 'use_console', user });
    if (random.chance(0.6)) planned.push({ at: at + 4_000, do: 'create_key', user });
    if (planned.at(-1)?.do === 'create_key' && random.chance(0.6)) planned.push({ at: later(), do: 'use_key', user });
  }
  // A stable sort: what belongs together and has one time stays in order.
  planned.sort((one, other) => one.at - other.at);
  for (const { at, ...mutation } of planned) mutateTencent(world, { account: account.id, ...mutation }, at);
}

/** Most are sub-users; of every eight, one of each other type. */
function typeOf(index: number): UserType {
  if (index % 8 === 5) return 'Collaborator';
  if (index % 8 === 6) return 'WechatCorpUser';
  return index % 8 === 7 ? 'MessageReceiver' : 'SubUser';
}
