import type { Instant } from '../../domain/instant.ts';
import { type Random, seededRandom } from '../random.ts';
import { note } from './activity.ts';
import type { SecretKey, TencentAccount, TencentUser } from './model.ts';
import { roleIdOf, type TencentWorld } from './world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAYS = 30;
const GROUP = 'developers';
/** What a key does day by day, from its own address. */
const ROUTINE = [
  { service: 'cvm', event: 'DescribeInstances', resource: '' },
  { service: 'cos', event: 'PutObject', resource: 'bucket/artifacts' },
  { service: 'tke', event: 'DescribeClusters', resource: 'cluster/cls-shop' },
] as const;
const POLICIES: Readonly<Record<string, readonly string[]>> = {
  QcloudCamReadOnlyAccess: ['cam:List*', 'cam:Get*', 'cam:Describe*'],
  automation: ['cvm:*', 'cos:*', 'tke:*', 'clb:*', 'cdb:Describe*'],
  'developers-tools': ['cvm:Describe*', 'vpc:Describe*', 'sms:SendSms'],
};

/** Policies, and what keys were used for: much of what the policies give is never used. It ends where each key was last used. */
export function seedActivity(world: TencentWorld, account: TencentAccount): void {
  const { audit } = account;
  const random = seededRandom(world.seed, `tencent-activity/${account.id}`);
  for (const [name, action] of Object.entries(POLICIES)) {
    const document = JSON.stringify({ version: '2.0', statement: [{ effect: 'allow', action, resource: '*' }] });
    const isPreset = name.startsWith('Qcloud');
    audit.policies.set(name, { id: 300_000 + audit.policies.size, name, isPreset, document });
  }
  const group = { id: 7_000, name: GROUP, createdAt: account.createdAt, members: new Set<number>() };
  audit.groups.set(GROUP, group);
  audit.attached.set(`group/${group.id}`, new Set(['developers-tools']));
  for (const { name } of account.roles.values())
    audit.attached.set(`role/${roleIdOf(account, name)}`, new Set(['QcloudCamReadOnlyAccess']));
  for (const user of account.users.values()) {
    if (user.type === 'MessageReceiver') continue;
    if (user.keys.length > 0) audit.attached.set(`user/${user.uin}`, new Set(['automation']));
    else group.members.add(user.uin);
    for (const key of user.keys) if (key.lastUsedAt !== undefined) live(account, user, key, key.lastUsedAt, random);
  }
}

/** A key's life: its routine once a day, and at last something that it never did, from somewhere else. */
function live(account: TencentAccount, user: TencentUser, key: SecretKey, end: Instant, random: Random): void {
  const who = { principal: String(user.uin), keyId: key.id };
  const address = `198.51.100.${1 + random.below(250)}`;
  for (let at = Math.max(key.createdAt, end - DAYS * DAY_MS); at < end - DAY_MS; at += DAY_MS)
    note(account, { ...who, ...random.pick(ROUTINE), region: 'ap-guangzhou', address, at: at + random.below(HOUR_MS) });
  const at = end - 2 * HOUR_MS;
  if (!random.chance(0.3) || at <= key.createdAt) return;
  const elsewhere = { region: 'ap-guangzhou', address: `192.0.2.${1 + random.below(250)}` };
  note(account, { ...who, ...elsewhere, service: 'cam', event: 'ListUsers', resource: '', at });
}
