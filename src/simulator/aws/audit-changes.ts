import { Fault } from '../../domain/fault.ts';
import { arnOfGroup, arnOfRole, subjectOf } from './identities-of-audit.ts';
import type { SimulatedAccount } from './model.ts';
import { findUser, identityArn, newId, type World } from './world.ts';

type Given = Readonly<Record<string, unknown>>;
type Change = (world: World, account: SimulatedAccount, given: Given) => void;

const CHANGES: ReadonlyMap<string, Change> = new Map<string, Change>([
  ['create_role', createRole],
  ['delete_role', deleteRole],
  ['create_group', createGroup],
  ['add_to_group', (_, account, given) => groupOf(account, given).members.add(text(given, 'user').toLowerCase())],
  ['attach_policy', attachPolicy],
  ['detach_policy', detachPolicy],
  ['fail_jobs', (_, account, given) => void (account.audit.failingJobs = Number(given['count'] ?? 1))],
  ['forget_jobs', (_, account) => account.audit.jobs.clear()],
  ['disable_region', (_, account, given) => account.audit.closedRegions.set(text(given, 'region'), 'disabled')],
  ['deny_region', (_, account, given) => account.audit.closedRegions.set(text(given, 'region'), 'denied')],
  ['enable_region', (_, account, given) => account.audit.closedRegions.delete(text(given, 'region'))],
]);

/** Roles, groups, policies, and how AWS behaves, as the control plane's JSON says it. */
export function changeAudit(world: World, given: Given): unknown {
  const account = world.accounts.get(text(given, 'account'));
  const change = CHANGES.get(text(given, 'do'));
  if (account === undefined) throw new Fault('misconfigured', `there is no account ${text(given, 'account')}`);
  if (change === undefined) throw new Fault('misconfigured', `audits: do is one of ${[...CHANGES.keys()].join(', ')}`);
  change(world, account, given);
  return {};
}

function createRole(world: World, account: SimulatedAccount, given: Given): void {
  const name = text(given, 'role');
  if (account.roles.has(name)) throw new Fault('misconfigured', `the role ${name} exists`);
  account.roles.set(name, {
    name,
    path: typeof given['path'] === 'string' ? given['path'] : '/',
    createdAt: world.clock.now(),
    id: newId(world.random, 'AROA'),
    externalId: undefined,
    trusts: [],
    maxSessionSeconds: 3_600,
    allow: [],
  });
}

function deleteRole(_: World, account: SimulatedAccount, given: Given): void {
  if (!account.roles.delete(text(given, 'role'))) throw new Fault('misconfigured', 'there is no such role');
}

function createGroup(world: World, account: SimulatedAccount, given: Given): void {
  const name = text(given, 'group');
  const id = newId(world.random, 'AGPA');
  account.audit.groups.set(name, { name, id, createdAt: world.clock.now(), members: new Set() });
}

/** `services`: a list of namespaces, or `*`. */
function attachPolicy(world: World, account: SimulatedAccount, given: Given): void {
  const arn = arnOf(world, account, given);
  const policy = { name: text(given, 'policy'), isManaged: given['managed'] === true, services: servicesOf(given) };
  account.audit.policies.set(arn, [...(account.audit.policies.get(arn) ?? []), policy]);
}

function detachPolicy(world: World, account: SimulatedAccount, given: Given): void {
  const arn = arnOf(world, account, given);
  const kept = (account.audit.policies.get(arn) ?? []).filter(({ name }) => name !== given['policy']);
  account.audit.policies.set(arn, kept);
}

function arnOf(world: World, account: SimulatedAccount, given: Given): string {
  const { user, role, group } = given;
  const found = typeof user === 'string' ? findUser(account, user) : undefined;
  const taken = typeof role === 'string' ? account.roles.get(role) : undefined;
  const arn =
    found !== undefined
      ? identityArn(world, account, found)
      : taken !== undefined
        ? arnOfRole(world, account, taken)
        : arnOfGroup(world, account, groupOf(account, { group }));
  if (subjectOf(world, account, arn) === undefined) throw new Fault('misconfigured', `there is no ${arn}`);
  return arn;
}

function groupOf(account: SimulatedAccount, given: Given) {
  const group = account.audit.groups.get(text(given, 'group'));
  if (group === undefined) throw new Fault('misconfigured', 'there is no such user, role or group');
  return group;
}

function text(given: Given, name: string): string {
  const value = given[name];
  if (typeof value === 'string') return value;
  throw new Fault('misconfigured', `audits: ${name} must be a text`);
}

function servicesOf({ services }: Given): '*' | readonly string[] {
  if (services === '*') return '*';
  if (Array.isArray(services) && services.every((one) => typeof one === 'string')) return services;
  throw new Fault('misconfigured', 'services: a list of namespaces, or *');
}
