import { Fault } from '../../domain/fault.ts';
import type { Instant } from '../../domain/instant.ts';
import { type AccessKey, type Identity, ROOT_NAME, type SimulatedAccount } from './model.ts';
import { settle } from './report-machine.ts';
import { newIdentity, newKeyId, newUserId, secretOf, type World } from './world.ts';

/** One change of one account, as the control plane's JSON says it. */
export interface Mutation {
  readonly account: string;
  readonly do: string;
  readonly user?: string;
  /** Which key; the newest of the user when absent. For `create_key`: the id to give it. */
  readonly key_id?: string;
  readonly status?: string;
  /** Of `rename_alias`. */
  readonly to?: string;
}

export interface Made {
  readonly user_id?: string;
  readonly key_id?: string;
  readonly secret_access_key?: string;
}

interface Scene {
  readonly world: World;
  readonly account: SimulatedAccount;
  readonly at: Instant;
  readonly mutation: Mutation;
}

type Change = (scene: Scene) => Made;

const CHANGES: ReadonlyMap<string, Change> = new Map<string, Change>([
  ['create_user', createUser],
  ['delete_user', deleteUser],
  ['create_key', createKey],
  ['delete_key', deleteKey],
  ['rotate_key', rotateKey],
  ['activate_key', (scene) => switchKey(scene, true)],
  ['deactivate_key', (scene) => switchKey(scene, false)],
  ['use_key', useKey],
  ['enable_console', enableConsole],
  ['disable_console', (scene) => consoleChange(scene, 'console.disabled', (user) => void (user.console = undefined))],
  ['suspend_console', (scene) => consoleChange(scene, 'console.suspended', (user) => suspend(user, false))],
  ['resume_console', (scene) => consoleChange(scene, 'console.resumed', (user) => suspend(user, true))],
  ['change_password', changePassword],
  ['use_password', (scene) => consoleChange(scene, 'console.used', (user) => void (user.lastLogonAt = scene.at))],
  ['enable_mfa', (scene) => consoleChange(scene, 'mfa.enabled', (user) => void (user.mfa = true))],
  ['disable_mfa', (scene) => consoleChange(scene, 'mfa.disabled', (user) => void (user.mfa = false))],
  ['rename_alias', renameAlias],
]);

/** The only way to change the world: the report that may be finished is settled first, and the history is written. */
export function mutate(world: World, mutation: Mutation, at: Instant = world.clock.now()): Made {
  const account = world.accounts.get(mutation.account);
  if (account === undefined) throw new Fault('misconfigured', `there is no account ${mutation.account}`);
  const change = CHANGES.get(mutation.do);
  if (change === undefined) throw new Fault('misconfigured', `${mutation.do}: ${[...CHANGES.keys()].join(', ')}`);
  settle(world, account);
  return change({ world, account, at, mutation });
}

/** From the control plane's JSON. */
export function parseMutation(given: Readonly<Record<string, unknown>>): Mutation {
  const { account, do: action, ...texts } = given;
  if (typeof account !== 'string' || typeof action !== 'string')
    throw new Fault('misconfigured', 'a mutation needs `account` and `do`');
  for (const [name, text] of Object.entries(texts)) {
    if (!['user', 'key_id', 'status', 'to'].includes(name) || typeof text !== 'string')
      throw new Fault('misconfigured', `${name}: not expected`);
  }
  return { account, do: action, ...texts };
}

function createUser(scene: Scene): Made {
  const { world, account, at, mutation } = scene;
  const name = mutation.user ?? '';
  if (!/^[\w.-]{1,64}$/.test(name) || account.users.has(name)) throw refused(scene, 'not a new user name');
  const user = newIdentity({ kind: 'user', name, id: newUserId(world.random), createdAt: at });
  account.users.set(name, user);
  record(scene, user, 'user.created');
  return { user_id: user.id };
}

function deleteUser(scene: Scene): Made {
  const user = identityOf(scene);
  if (user.kind === 'root') throw refused(scene, 'the root stays');
  for (const key of user.accessKeys) scene.world.keyOwners.delete(key.id);
  scene.account.users.delete(user.name);
  record(scene, user, 'user.deleted');
  return { user_id: user.id };
}

function createKey(scene: Scene): Made {
  const { world, account, at, mutation } = scene;
  const identity = identityOf(scene);
  const id = mutation.key_id ?? newKeyId(world.random);
  if (world.keyOwners.has(id)) throw refused(scene, 'there is such a key');
  const key: AccessKey = { id, active: mutation.status !== 'Inactive', createdAt: at, lastUsedAt: undefined };
  identity.accessKeys.push(key);
  world.keyOwners.set(id, { account, identity, key });
  record(scene, identity, 'key.created', id);
  return { key_id: id, secret_access_key: secretOf(world, id) };
}

function deleteKey(scene: Scene): Made {
  const identity = identityOf(scene);
  const key = keyOf(scene, identity);
  identity.accessKeys.splice(identity.accessKeys.indexOf(key), 1);
  scene.world.keyOwners.delete(key.id);
  record(scene, identity, 'key.deleted', key.id);
  return { key_id: key.id };
}

function rotateKey(scene: Scene): Made {
  deleteKey(scene);
  const { key_id: _, ...mutation } = scene.mutation;
  return createKey({ ...scene, mutation });
}

function switchKey(scene: Scene, active: boolean): Made {
  const identity = identityOf(scene);
  const key = keyOf(scene, identity);
  key.active = active;
  record(scene, identity, active ? 'key.activated' : 'key.deactivated', key.id);
  return { key_id: key.id };
}

function useKey(scene: Scene): Made {
  const identity = identityOf(scene);
  const key = keyOf(scene, identity);
  key.lastUsedAt = scene.at;
  record(scene, identity, 'key.used', key.id);
  return { key_id: key.id };
}

function enableConsole(scene: Scene): Made {
  return consoleChange(scene, 'console.enabled', (user) => {
    user.console = { isActive: true, changedAt: scene.at };
  });
}

function changePassword(scene: Scene): Made {
  return consoleChange(scene, 'password.changed', (user) => {
    if (user.console === undefined) throw refused(scene, 'there is no password');
    user.console.changedAt = scene.at;
  });
}

function suspend(user: Identity, isActive: boolean): void {
  if (user.console !== undefined) user.console.isActive = isActive;
}

function consoleChange(scene: Scene, action: string, change: (identity: Identity) => void): Made {
  const identity = identityOf(scene);
  change(identity);
  record(scene, identity, action);
  return { user_id: identity.id };
}

/** All principal names change with it, and nothing else. */
function renameAlias(scene: Scene): Made {
  scene.account.alias = scene.mutation.to ?? scene.account.alias;
  record(scene, scene.account.root, 'alias.renamed');
  return {};
}

function identityOf(scene: Scene): Identity {
  const { account, mutation } = scene;
  const found = mutation.user === ROOT_NAME ? account.root : account.users.get(mutation.user ?? '');
  if (found === undefined) throw refused(scene, 'there is no such user');
  return found;
}

function keyOf(scene: Scene, { accessKeys }: Identity): AccessKey {
  const { key_id: wanted } = scene.mutation;
  const found = wanted === undefined ? accessKeys.at(-1) : accessKeys.find(({ id }) => id === wanted);
  if (found === undefined) throw refused(scene, `there is no ${wanted ?? 'key'}`);
  return found;
}

function refused({ mutation }: Scene, why: string): Fault {
  return new Fault('misconfigured', `${mutation.account} ${mutation.do} ${mutation.user ?? ''}: ${why}`);
}

function record({ world, account, at }: Scene, identity: Identity, action: string, keyId?: string): void {
  world.history.add(at, {
    account: account.id,
    action: identity.kind === 'root' ? `root.${action}` : action,
    user: identity.name,
    user_id: identity.id,
    ...(keyId === undefined ? {} : { key_id: keyId }),
  });
}
