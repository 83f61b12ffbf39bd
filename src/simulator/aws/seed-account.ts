import { formatInstant, type Instant } from '../../domain/instant.ts';
import { type Random, seededRandom } from '../random.ts';
import { ROOT_NAME, type SimulatedAccount } from './model.ts';
import { mutate } from './mutations/mutate.ts';
import type { Mutation } from './mutations/scene.ts';
import { newId, type World } from './world.ts';

const DAY_MS = 86_400_000;
const FIRST = ['anna', 'ben', 'chen', 'dara', 'elif', 'femi', 'goran', 'hana', 'ivan', 'june', 'kofi', 'lena', 'mei'];
const LAST = ['abe', 'berg', 'costa', 'diaz', 'eze', 'fox', 'gupta', 'haas', 'ito', 'jansen', 'kim', 'lopez', 'moreau'];
const ROBOTS = ['svc-deploy', 'ci-runner', 'backup', 'terraform', 'metrics-export', 'svc-billing', 'log-shipper'];
export const USED_SERVICES = ['s3', 'ec2', 'sts', 'iam', 'lambda', 'dynamodb', 'ecr'] as const;
export const USED_REGIONS = ['us-east-1', 'eu-west-1', 'ap-southeast-1'] as const;

type Planned = Omit<Mutation, 'account'> & { readonly at: Instant };

/** Years of believable past, told in the history like everything else. */
export function seedAccount(world: World, account: SimulatedAccount, users: number): void {
  const random = seededRandom(world.seed, `account/${account.id}`);
  const plan = [...rootPlan(random, account.root.createdAt, world.clock.now())];
  for (let index = 0; index < users; index += 1) plan.push(...userPlan(random, userName(random, index), world));
  // A stable sort: what belongs together and has one time stays in order.
  plan.sort((one, other) => one.at - other.at);
  for (const { at, ...mutation } of plan) mutate(world, { account: account.id, ...mutation }, at);
}

/** Names are unique by their number; one holds what breaks careless CSV readers, and one sorts by case only. */
function userName(random: Random, index: number): string {
  if (index === 3) return '=eu,build@ops';
  const number = Math.floor(index / 4);
  if (index % 4 === 1) return `${ROBOTS[number % ROBOTS.length]}-${number}`;
  const first = random.pick(FIRST);
  return `${index % 4 === 2 ? first.charAt(0).toUpperCase() + first.slice(1) : first}.${random.pick(LAST)}${index}`;
}

function* rootPlan(random: Random, createdAt: Instant, now: Instant): Iterable<Planned> {
  const later = (fraction: number) => createdAt + Math.floor((now - createdAt) * fraction);
  if (random.chance(0.3)) return; // a member account without root credentials
  yield { at: createdAt + 1_000, do: 'enable_console', user: ROOT_NAME };
  yield { at: later(0.1), do: 'use_password', user: ROOT_NAME };
  if (random.chance(0.8)) yield { at: later(0.2), do: 'enable_mfa', user: ROOT_NAME };
  if (random.chance(0.1)) yield { at: later(0.3), do: 'create_key', user: ROOT_NAME };
}

function* userPlan(random: Random, user: string, world: World): Iterable<Planned> {
  const now = world.clock.now();
  const createdAt = now - DAY_MS - random.below(700 * DAY_MS);
  const at = () => createdAt + 60_000 + random.below(now - createdAt - 120_000);
  const isRobot = ROBOTS.some((robot) => user.startsWith(robot));
  yield { at: createdAt, do: 'create_user', user, path: isRobot ? '/service/' : '/' };
  if (!isRobot) yield* consolePlan(random, user, createdAt, at);
  if (isRobot || random.chance(0.4)) yield* keyPlan(random, user, createdAt, now);
  if (random.chance(0.4)) yield* keyPlan(random, user, at(), now);
  if (random.chance(0.03)) yield { at: at(), do: 'create_cert', user };
  if (random.chance(0.08)) yield* serviceCredentialPlan(random, user, at());
}

function* consolePlan(random: Random, user: string, createdAt: Instant, at: () => Instant): Iterable<Planned> {
  if (random.chance(0.15)) return;
  yield { at: createdAt + 30_000, do: 'enable_console', user };
  if (random.chance(0.8)) yield { at: createdAt + 45_000, do: 'enable_mfa', user };
  if (random.chance(0.6)) yield { at: at(), do: 'change_password', user };
  if (random.chance(0.8)) yield { at: at(), do: 'use_password', user };
}

function* keyPlan(random: Random, user: string, from: Instant, now: Instant): Iterable<Planned> {
  const key_id = newId(random, 'AKIA');
  const after = (fraction: number) => from + 50_000 + Math.floor((now - from - 60_000) * fraction);
  yield { at: from + 50_000, do: 'create_key', user, key_id };
  if (random.chance(0.7)) {
    const [service, region] = [random.pick(USED_SERVICES), random.pick(USED_REGIONS)];
    yield { at: after(0.1 + random.fraction() * 0.6), do: 'use_key', user, key_id, service, region };
  }
  if (random.chance(0.2)) yield { at: after(0.9), do: 'deactivate_key', user, key_id };
}

function* serviceCredentialPlan(random: Random, user: string, at: Instant): Iterable<Planned> {
  const base = { at, do: 'create_service_credential', user };
  if (random.chance(0.5)) yield { ...base, service: 'codecommit.amazonaws.com' };
  else yield { ...base, service: 'bedrock.amazonaws.com', expires_at: formatInstant(at + 90 * DAY_MS) };
}
