import { formatInstant } from '../../domain/instant.ts';
import { seededRandom } from '../random.ts';
import { act } from './activity.ts';
import { changeAudit } from './audit-mutations.ts';
import type { SimulatedAccount } from './model.ts';
import type { World } from './world.ts';

const DAY_MS = 86_400_000;
const WORK: readonly (readonly [service: string, events: readonly string[], resource: string | undefined])[] = [
  ['Ecs', ['DescribeInstances', 'RunInstances', 'StopInstance'], 'ACS::ECS::Instance i-demo0001'],
  ['Oss', ['ListBuckets', 'PutBucketAcl'], 'ACS::OSS::Bucket demo-data'],
  ['Rds', ['DescribeDBInstances', 'CreateBackup'], 'ACS::RDS::DBInstance rm-demo0001'],
  ['Ram', ['ListUsers', 'GetUser'], undefined],
  ['Slb', ['DescribeLoadBalancers'], undefined],
];
const POLICIES = {
  AliyunECSFullAccess: { Effect: 'Allow', Action: ['ecs:*', 'slb:Describe*'], Resource: '*' },
  AliyunOSSReadOnlyAccess: { Effect: 'Allow', Action: ['oss:Get*', 'oss:List*'], Resource: '*' },
  AdministratorAccess: { Effect: 'Allow', Action: '*', Resource: '*' },
} as const;

/** Policies, a group, and what keys were used for before the last time that RAM knows of. A stream of chance of its own: nothing else changes. */
export function seedAudit(world: World, account: SimulatedAccount): void {
  const random = seededRandom(world.seed, `alibaba audit ${account.id}`);
  const change = (given: Readonly<Record<string, unknown>>) => changeAudit(world, { account: account.id, ...given });
  for (const [policy, statement] of Object.entries(POLICIES))
    change({ do: 'put_policy', policy, type: 'System', document: { Version: '1', Statement: [statement] } });
  change({ do: 'create_group', group: 'admins' });
  change({ do: 'attach_policy', policy: 'AdministratorAccess', type: 'System', group: 'admins' });
  for (const user of account.users.values()) {
    if (random.chance(0.2)) change({ do: 'add_to_group', group: 'admins', user: user.name });
    const policy = random.chance(0.5) ? 'AliyunECSFullAccess' : 'AliyunOSSReadOnlyAccess';
    change({ do: 'attach_policy', policy, type: 'System', user: user.name });
    for (const { id, createdAt, lastUsedAt } of user.accessKeys) {
      if (lastUsedAt === undefined) continue;
      for (let number = 0; number < 6; number += 1) {
        const back = number === 0 ? 0 : random.below(80 * DAY_MS);
        const [service, events, resource] = random.pick(WORK);
        const event = random.pick(events);
        const address = `198.51.100.${random.below(3)}`;
        const at = formatInstant(Math.max(createdAt, lastUsedAt - back));
        const what = { service, event, address, at, ...(resource === undefined ? {} : { resource }) };
        act(world, { account: account.id, user: user.name, key_id: id, ...what });
      }
    }
  }
}
