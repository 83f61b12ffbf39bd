import { Fault } from '../../domain/fault.ts';
import { parseInstant } from '../../domain/instant.ts';
import { note } from './activity.ts';
import type { TencentAccount } from './model.ts';
import { mutateTencent } from './mutate.ts';
import { findUser, roleIdOf, type TencentWorld } from './world.ts';

type Given = Readonly<Record<string, unknown>>;
type Change = (world: TencentWorld, account: TencentAccount, given: Given) => unknown;

const CHANGES: ReadonlyMap<string, Change> = new Map<string, Change>([
  ['create_role', createRole],
  ['create_group', createGroup],
  ['add_to_group', (_, account, given) => groupOf(account, given).members.add(userOf(account, given).uin)],
  ['create_policy', createPolicy],
  ['attach_policy', (_, account, given) => namesOf(account, given).add(policyOf(account, given).name)],
  ['detach_policy', (_, account, given) => namesOf(account, given).delete(text(given, 'policy'))],
  ['close_region', (_, account, given) => account.audit.closedRegions.set(text(given, 'region'), text(given, 'code'))],
  ['open_region', (_, account, given) => account.audit.closedRegions.delete(text(given, 'region'))],
  ['tell_all_regions', (_, account, given) => void (account.audit.tellsAllRegions = given['on'] !== false)],
  ['delay_events', (_, account, given) => void (account.audit.lagMs = Number(given['ms'] ?? 0))],
  ['forget_tokens', (_, account) => account.audit.tokens.clear()],
]);

export function isAuditChange(given: Given): boolean {
  return CHANGES.has(String(given['do']));
}

/** Who may do what, and how CloudAudit behaves, as the control plane's JSON says it. */
export function changeAudit(world: TencentWorld, given: Given): object {
  CHANGES.get(text(given, 'do'))?.(world, accountOf(world, given), given);
  return {};
}

/** Something that was done, as the control plane's JSON says it: its id. */
export function act(world: TencentWorld, activity: Given): string {
  const given = { ...activity, do: 'activity' };
  return actIn(world, accountOf(world, given), given);
}

function accountOf(world: TencentWorld, given: Given): TencentAccount {
  const account = world.accounts.get(text(given, 'account'));
  if (account === undefined) throw new Fault('misconfigured', `there is no account ${text(given, 'account')}`);
  return account;
}

/** A key's last use moves with it, as CAM sees it. */
function actIn(world: TencentWorld, account: TencentAccount, given: Given): string {
  const told = optional(given, 'at');
  const at = (told === '' ? undefined : parseInstant(told)) ?? world.clock.now();
  const keyId = optional(given, 'key_id');
  const id = note(account, {
    at,
    principal: principalOf(account, given),
    keyId,
    service: text(given, 'service'),
    event: text(given, 'event'),
    region: optional(given, 'region') || 'ap-guangzhou',
    address: optional(given, 'address'),
    resource: optional(given, 'resource'),
  });
  const owner = world.keyOwners.get(keyId);
  if (owner !== undefined && (owner.key.lastUsedAt ?? 0) < at)
    mutateTencent(world, { account: account.id, do: 'use_key', user: owner.user.name, key_id: keyId }, at);
  return id;
}

function principalOf(account: TencentAccount, given: Given): string {
  if (typeof given['role'] === 'string') return roleIdOf(account, given['role']);
  return String(userOf(account, given).uin);
}

function createRole(_: TencentWorld, account: TencentAccount, given: Given): void {
  const name = text(given, 'role');
  account.roles.set(name, { name, externalId: undefined, trusts: [], webIdentity: undefined, allow: [] });
}

function createGroup(world: TencentWorld, { audit }: TencentAccount, given: Given): void {
  const name = text(given, 'group');
  audit.groups.set(name, { id: 7_000 + audit.groups.size, name, createdAt: world.clock.now(), members: new Set() });
}

/** `document` as CAM takes it: a text. */
function createPolicy(_: TencentWorld, { audit }: TencentAccount, given: Given): void {
  const name = text(given, 'policy');
  const isPreset = given['preset'] === true;
  audit.policies.set(name, { id: 300_000 + audit.policies.size, name, isPreset, document: text(given, 'document') });
}

function policyOf({ audit }: TencentAccount, given: Given) {
  const policy = audit.policies.get(text(given, 'policy'));
  if (policy === undefined) throw new Fault('misconfigured', 'there is no such policy');
  return policy;
}

function namesOf(account: TencentAccount, given: Given): Set<string> {
  const { role, group } = given;
  const whose =
    typeof role === 'string'
      ? `role/${roleIdOf(account, role)}`
      : typeof group === 'string'
        ? `group/${groupOf(account, given).id}`
        : `user/${userOf(account, given).uin}`;
  const names = account.audit.attached.get(whose) ?? new Set<string>();
  account.audit.attached.set(whose, names);
  return names;
}

function groupOf({ audit }: TencentAccount, given: Given) {
  const group = audit.groups.get(text(given, 'group'));
  if (group === undefined) throw new Fault('misconfigured', 'there is no such group');
  return group;
}

function userOf(account: TencentAccount, given: Given) {
  const user = findUser(account, text(given, 'user'));
  if (user === undefined) throw new Fault('misconfigured', 'there is no such user');
  return user;
}

function text(given: Given, name: string): string {
  const value = given[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new Fault('misconfigured', `${String(given['do'])}: ${name} must be a text`);
}

function optional(given: Given, name: string): string {
  const value = given[name] ?? '';
  if (typeof value === 'string') return value;
  throw new Fault('misconfigured', `${String(given['do'])}: ${name} must be a text`);
}
