import { Fault } from '../../domain/fault.ts';
import type { Activity } from './activity.ts';
import type { SimulatedAccount } from './model.ts';
import { newUserId, type World } from './world.ts';

type Given = Readonly<Record<string, unknown>>;
type Change = (world: World, account: SimulatedAccount, given: Given) => unknown;

const CHANGES: ReadonlyMap<string, Change> = new Map<string, Change>([
  ['create_role', createRole],
  ['delete_role', (_, account, given) => account.roles.delete(text(given, 'role'))],
  ['create_group', (_, account, given) => account.audit.groups.set(text(given, 'group'), new Set())],
  ['add_to_group', (_, account, given) => groupOf(account, given).add(text(given, 'user'))],
  ['remove_from_group', (_, account, given) => groupOf(account, given).delete(text(given, 'user'))],
  ['put_policy', putPolicy],
  ['attach_policy', (_, account, given) => holderOf(account, given).add(policyOf(account, given))],
  ['detach_policy', (_, account, given) => holderOf(account, given).delete(policyOf(account, given))],
  ['key_audit', (_, { audit }, given) => void (audit.keyAudit = oneOf(given, 'status', ['on', 'off']))],
  [
    'unused_keys',
    (_, { audit }, given) => void (audit.unusedKeys = oneOf(given, 'answer', ['empty', 'zero', 'error'])),
  ],
  ['unsupported_service', (_, { audit }, given) => audit.unsupported.add(text(given, 'service'))],
  ['hide_versions', (_, { audit }) => void (audit.hidesVersions = true)],
  ['audit_lag', (_, { audit }, given) => void (audit.lagMs = Number(given['ms']))],
  ['fail_job', (_, { audit }, given) => audit.jobErrors.set(text(given, 'arn'), failureOf(given))],
]);

export function isAuditChange(given: Given): boolean {
  return typeof given['do'] === 'string' && CHANGES.has(given['do']);
}

/** Roles, groups, policies, and how the audits behave, as the control plane's JSON says it. */
export function changeAudit(world: World, given: Given): object {
  const account = world.accounts.get(text(given, 'account'));
  const change = CHANGES.get(text(given, 'do'));
  if (account === undefined || change === undefined)
    throw new Fault('misconfigured', `audits: an account, and do: one of ${[...CHANGES.keys()].join(', ')}`);
  change(world, account, given);
  return {};
}

export function parseActivity(given: Given): Activity {
  const { account, user, role } = given;
  const texts = ['service', 'event'].filter((name) => typeof given[name] !== 'string');
  const who = user ?? role;
  if (texts.length === 0 && typeof account === 'string' && typeof who === 'string') return given as unknown as Activity; // its texts were seen
  throw new Fault(
    'misconfigured',
    'activity: say "user" (and "key_id") or "role", "service", "event", and if you like "region", "address", "resource", "at"',
  );
}

function createRole(world: World, account: SimulatedAccount, given: Given): void {
  const name = text(given, 'role');
  if (account.roles.has(name)) throw new Fault('misconfigured', `the role ${name} exists`);
  const role = { name, id: newUserId(world.random), createdAt: world.clock.now(), externalId: undefined };
  account.roles.set(name, { ...role, trusts: [], maxSessionSeconds: 3_600, allow: [] });
}

/** The document is a text, as RAM keeps it; a second one becomes the next version, and the default unless `default` is false. */
function putPolicy(_: World, { audit }: SimulatedAccount, given: Given): void {
  const name = text(given, 'policy');
  const type = given['type'] === 'System' ? 'System' : 'Custom';
  const key = `${type}/${name}`;
  const known = audit.policies.get(key) ?? { type, name, versions: new Map<string, string>(), defaultVersion: 'v1' };
  const version = `v${known.versions.size + 1}`;
  const document = given['document'];
  known.versions.set(version, typeof document === 'string' ? document : JSON.stringify(document));
  if (given['default'] !== false) known.defaultVersion = version;
  audit.policies.set(key, known);
}

function policyOf({ audit }: SimulatedAccount, given: Given): string {
  const key = `${given['type'] === 'System' ? 'System' : 'Custom'}/${text(given, 'policy')}`;
  if (!audit.policies.has(key)) throw new Fault('misconfigured', `there is no policy ${key}`);
  return key;
}

function holderOf({ audit, users, roles }: SimulatedAccount, given: Given): Set<string> {
  const { user, group, role } = given;
  const key =
    typeof user === 'string' && users.has(user)
      ? `user/${user}`
      : typeof group === 'string' && audit.groups.has(group)
        ? `group/${group}`
        : typeof role === 'string' && roles.has(role)
          ? `role/${role}`
          : undefined;
  if (key === undefined) throw new Fault('misconfigured', 'there is no such user, group or role');
  const held = audit.attached.get(key) ?? new Set<string>();
  audit.attached.set(key, held);
  return held;
}

function groupOf({ audit }: SimulatedAccount, given: Given): Set<string> {
  const group = audit.groups.get(text(given, 'group'));
  if (group === undefined) throw new Fault('misconfigured', 'there is no such group');
  return group;
}

function failureOf(given: Given) {
  const when = given['when'] === undefined ? 'asked' : oneOf(given, 'when', ['asked', 'ended']);
  return { code: text(given, 'code'), policy: text(given, 'policy'), when };
}

function oneOf<T extends string>(given: Given, name: string, words: readonly T[]): T {
  const found = words.find((word) => word === given[name]);
  if (found === undefined) throw new Fault('misconfigured', `${name}: one of ${words.join(', ')}`);
  return found;
}

function text(given: Given, name: string): string {
  const value = given[name];
  if (typeof value === 'string') return value;
  throw new Fault('misconfigured', `audits: ${name} must be a text`);
}
