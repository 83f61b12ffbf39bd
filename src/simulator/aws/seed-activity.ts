import type { Instant } from '../../domain/instant.ts';
import { type Random, seededRandom } from '../random.ts';
import type { AccessKey, Identity, SimulatedAccount } from './model.ts';
import { USED_REGIONS } from './seed-account.ts';
import { ALL_SERVICES } from './services.ts';
import { note } from './trail-events.ts';
import { identityArn, newId, type World } from './world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const GROUP = 'developers';
const DAYS = 30;
/** What a robot does day by day, from its own address. */
const ROUTINE = [
  { service: 's3', event: 'ListBuckets', resources: [{ type: 'AWS::S3::Bucket', name: 'artifacts' }] },
  { service: 'ecr', event: 'DescribeImages', resources: [{ type: 'AWS::ECR::Repository', name: 'shop' }] },
  { service: 'lambda', event: 'ListFunctions', resources: [] },
] as const;

/** Policies, and what keys were used for: much of what the policies give is never used. It ends where each key was last used. */
export function seedActivity(world: World, account: SimulatedAccount): void {
  if (account.users.size === 0) return;
  const random = seededRandom(world.seed, `activity/${account.id}`);
  const members = new Set<string>();
  const createdAt = account.root.createdAt + DAY_MS;
  account.audit.groups.set(GROUP, { name: GROUP, id: newId(random, 'AGPA'), createdAt, members });
  attach(account, `arn:${world.partition}:iam::${account.id}:group/${GROUP}`, GROUP, ['ec2', 'logs', 's3'], false);
  for (const user of account.users.values()) {
    const arn = identityArn(world, account, user);
    if (user.path === '/service/') attach(account, arn, 'automation', robotServices(random), true);
    else if (random.chance(0.2)) attach(account, arn, 'administrator', '*', true);
    else members.add(user.name.toLowerCase());
    for (const key of user.accessKeys) if (key.lastUsed !== undefined) live(world, account, user, key, random);
  }
}

function attach(
  account: SimulatedAccount,
  arn: string,
  name: string,
  services: '*' | readonly string[],
  isManaged: boolean,
): void {
  account.audit.policies.set(arn, [...(account.audit.policies.get(arn) ?? []), { name, isManaged, services }]);
}

function robotServices(random: Random): readonly string[] {
  const more = Array.from({ length: 6 }, () => random.pick(ALL_SERVICES));
  return [...new Set([...ROUTINE.map(({ service }) => service), ...more])];
}

/** A key's life: its routine once a day, and at last something that it never did, from somewhere else. */
function live(world: World, account: SimulatedAccount, user: Identity, key: AccessKey, random: Random): void {
  const end = key.lastUsed?.at ?? key.createdAt;
  const address = `198.51.100.${1 + random.below(250)}`;
  const who = { user: user.name, key_id: key.id, address };
  for (let at: Instant = Math.max(key.createdAt, end - DAYS * DAY_MS); at < end - DAY_MS; at += DAY_MS)
    note(world, account, { ...who, ...random.pick(ROUTINE), region: USED_REGIONS[0], at: at + random.below(HOUR_MS) });
  if (!random.chance(0.2)) return;
  const elsewhere = { ...who, address: `192.0.2.${1 + random.below(250)}`, region: USED_REGIONS[2] };
  const at = end - 2 * HOUR_MS;
  if (at > key.createdAt) note(world, account, { ...elsewhere, service: 'iam', event: 'ListUsers', at });
}
