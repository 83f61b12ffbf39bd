import { seededRandom } from '../random.ts';
import { type Identity, identityArn } from './model.ts';
import { mutate } from './mutate.ts';
import { seedAudit } from './seed-audit.ts';
import { addAccount, newKeyId, secretOf, type World } from './world.ts';

const DAY_MS = 86_400_000;
export const HUB_ID = '1000000000000001';
const HUB_USER = 'muster-hub';
const NAMES = ['cn-prod', 'sg-retail', 'cn-data', 'hk-lab', 'cn-shared', 'my-ops'];

/** What one account is to be like; all of it has a default. */
export interface AlibabaSeed {
  readonly id?: string;
  readonly name?: string;
  readonly users?: number;
  readonly passwordMaxAgeDays?: number;
}

export interface AlibabaPlan {
  readonly accounts: readonly AlibabaSeed[];
  readonly usersPerAccount: number;
  readonly roleName: string;
  readonly externalId: string;
}

export interface SeededAlibabaAccount {
  readonly id: string;
  readonly name: string;
  readonly roleName: string;
  readonly roleArn: string;
  readonly externalId: string;
}

export interface AlibabaHub {
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** The account with the one user that may assume the role in all others. */
export function seedHub(world: World): AlibabaHub {
  const createdAt = world.clock.now() - 900 * DAY_MS;
  const account = addAccount(world, { id: HUB_ID, alias: 'example-hub', name: 'hub', createdAt });
  mutate(world, { account: HUB_ID, do: 'create_user', user: HUB_USER }, createdAt + DAY_MS);
  const key_id = newKeyId(seededRandom(world.seed, 'alibaba hub'));
  mutate(world, { account: HUB_ID, do: 'create_key', user: HUB_USER, key_id }, createdAt + DAY_MS);
  const user = account.users.get(HUB_USER);
  if (user !== undefined)
    user.allow = ['sts:AssumeRole', 'resourcemanager:ListAccounts', 'resourcemanager:GetResourceDirectory'];
  return { accountId: HUB_ID, accessKeyId: key_id, accessKeySecret: secretOf(world, key_id) };
}

export function seedAccounts(world: World, plan: AlibabaPlan): readonly SeededAlibabaAccount[] {
  return plan.accounts.map((seed, index) => seedOne(world, plan, seed, index));
}

function seedOne(world: World, plan: AlibabaPlan, seed: AlibabaSeed, index: number): SeededAlibabaAccount {
  const random = seededRandom(world.seed, `alibaba ${index}`);
  const id = seed.id ?? String(1_200_000_000_000_000 + random.below(1_000_000_000) * 100 + index);
  const number = Math.floor(index / NAMES.length);
  const name = seed.name ?? `${NAMES[index % NAMES.length]}${number === 0 ? '' : `-${number}`}`;
  const createdAt = world.clock.now() - (750 + random.below(900)) * DAY_MS;
  const { passwordMaxAgeDays } = seed;
  const account = addAccount(world, { id, alias: `example-${name}`, name, createdAt, passwordMaxAgeDays });
  const hub = world.accounts.get(HUB_ID);
  const hubUser = hub?.users.get(HUB_USER);
  account.roles.set(plan.roleName, {
    name: plan.roleName,
    id: `3${random.text('0123456789', 17)}`,
    createdAt,
    externalId: plan.externalId,
    trusts: hub === undefined || hubUser === undefined ? [] : [identityArn(hub, hubUser)],
    maxSessionSeconds: 3_600,
    allow: ['ram:Generate*', 'ram:Get*', 'ram:List*', 'actiontrail:Get*', 'actiontrail:Lookup*'],
  });
  for (let user = 0; user < (seed.users ?? plan.usersPerAccount); user += 1) seedUser(world, id, user, random);
  seedAudit(world, account);
  const { roleName, externalId } = plan;
  return { id, name, roleName, externalId, roleArn: `acs:ram::${id}:role/${roleName}` };
}

function seedUser(world: World, account: string, index: number, random: ReturnType<typeof seededRandom>): void {
  const now = world.clock.now();
  const createdAt = now - DAY_MS - random.below(700 * DAY_MS);
  const later = () => createdAt + random.below(now - createdAt);
  const isRobot = random.chance(0.4);
  const user = `${isRobot ? 'svc' : 'user'}-${String(index).padStart(4, '0')}`;
  const change = (action: string, at: number, key_id?: string) =>
    mutate(world, { account, do: action, user, ...(key_id === undefined ? {} : { key_id }) }, at);
  change('create_user', createdAt);
  if (!isRobot) {
    change('enable_console', createdAt + 30_000);
    if (random.chance(0.8)) change('enable_mfa', createdAt + 45_000);
    if (random.chance(0.7)) change('use_password', later());
    if (random.chance(0.05)) change('suspend_console', later());
  }
  if (!isRobot && !random.chance(0.3)) return;
  const key_id = newKeyId(random);
  change('create_key', later(), key_id);
  if (random.chance(0.7)) change('use_key', now - random.below(DAY_MS), key_id);
  if (random.chance(0.2)) change('deactivate_key', now, key_id);
}

/** Whom `principal` names: users and roles, by name or ARN. */
export function principalsNamed(world: World, account: string | undefined, wanted: string) {
  const named: { allow: Identity['allow'] }[] = [];
  for (const candidate of world.accounts.values()) {
    if (account !== undefined && candidate.id !== account) continue;
    const role = [...candidate.roles.values()].find(
      ({ name }) => name === wanted || `acs:ram::${candidate.id}:role/${name}` === wanted,
    );
    const user = [...candidate.users.values()].find(
      (identity) => identity.name === wanted || identityArn(candidate, identity) === wanted,
    );
    for (const found of [role, user]) if (found !== undefined) named.push(found);
  }
  return named;
}
