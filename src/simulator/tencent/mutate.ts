import { Fault } from '../../domain/fault.ts';
import type { Instant } from '../../domain/instant.ts';
import { type SecretKey, type TencentAccount, type TencentUser, USER_TYPES, type UserType } from './model.ts';
import { findUser, newSecretId, newTencentUser, secretKeyOf, type TencentWorld } from './world.ts';

/** One change of one account, as the control plane's JSON says it. Users are named by their name. */
export interface TencentMutation {
  readonly account: string;
  readonly do: string;
  readonly user: string;
  readonly type?: UserType;
  readonly key_id?: string;
  /** `Phone`, `Stoken`, …, with commas; of `protect_login` and `protect_actions`. */
  readonly flags?: string;
  /** Of `break_user`: the action that answers this code about the user. */
  readonly action?: string;
  readonly code?: string;
}

export interface TencentMade {
  readonly uin?: number;
  readonly key_id?: string;
  readonly secret_key?: string;
}

interface Scene {
  readonly world: TencentWorld;
  readonly account: TencentAccount;
  readonly at: Instant;
  readonly mutation: TencentMutation;
}

const CHANGES: ReadonlyMap<string, (scene: Scene) => TencentMade> = new Map([
  ['create_user', createUser],
  ['delete_user', deleteUser],
  ['create_key', createKey],
  ['delete_key', deleteKey],
  ['activate_key', switchKey(true)],
  ['deactivate_key', switchKey(false)],
  ['use_key', useKey],
  ['enable_console', switchConsole(true)],
  ['disable_console', switchConsole(false)],
  ['use_console', useConsole],
  ['protect_login', protectLogin],
  ['protect_actions', protectActions],
  ['break_user', breakUser],
]);

/** The only way to change the world, so that the history is whole. */
export function mutateTencent(
  world: TencentWorld,
  mutation: TencentMutation,
  at: Instant = world.clock.now(),
): TencentMade {
  const account = world.accounts.get(mutation.account);
  if (account === undefined) throw new Fault('misconfigured', `there is no account ${mutation.account}`);
  const change = CHANGES.get(mutation.do);
  if (change === undefined) throw new Fault('misconfigured', `${mutation.do}: ${[...CHANGES.keys()].join(', ')}`);
  return change({ world, account, at, mutation });
}

/** From the control plane's JSON. */
export function parseTencentMutation(given: Readonly<Record<string, unknown>>): TencentMutation {
  const { account, do: action, user, type, ...texts } = given;
  if (typeof account !== 'string' || typeof action !== 'string' || typeof user !== 'string')
    throw new Fault('misconfigured', 'a mutation needs `account`, `do` and `user`');
  for (const [name, text] of Object.entries(texts)) {
    if (!['key_id', 'flags', 'action', 'code'].includes(name) || typeof text !== 'string')
      throw new Fault('misconfigured', `${name}: not expected`);
  }
  const known = Object.keys(USER_TYPES).find((name): name is UserType => name === type);
  if (type !== undefined && known === undefined)
    throw new Fault('misconfigured', `type: ${Object.keys(USER_TYPES).join(', ')}`);
  return { account, do: action, user, ...texts, ...(known === undefined ? {} : { type: known }) };
}

function createUser(scene: Scene): TencentMade {
  const { world, account, at, mutation } = scene;
  const { user: name, type = 'SubUser' } = mutation;
  if (name === '' || findUser(account, name) !== undefined) throw refused(scene, 'the user exists');
  const user = newTencentUser(world, { name, type, createdAt: at });
  account.users.set(user.uin, user);
  record(scene, user, 'user.created', { details: { type } });
  return { uin: user.uin };
}

/** Keys go first, each with its own entry in the history. */
function deleteUser(scene: Scene): TencentMade {
  const user = userOf(scene);
  for (const { id } of user.keys) deleteKey({ ...scene, mutation: { ...scene.mutation, key_id: id } });
  scene.account.users.delete(user.uin);
  record(scene, user, 'user.deleted');
  return { uin: user.uin };
}

function createKey(scene: Scene): TencentMade {
  const { world, account, at, mutation } = scene;
  const user = userOf(scene);
  if (user.keys.length >= 2) throw refused(scene, 'the user has two keys');
  const key: SecretKey = {
    id: mutation.key_id ?? newSecretId(world.random),
    active: true,
    createdAt: at,
    lastUsedAt: undefined,
  };
  user.keys = [...user.keys, key];
  world.keyOwners.set(key.id, { account, user, key });
  record(scene, user, 'key.created', { key_id: key.id });
  return { uin: user.uin, key_id: key.id, secret_key: secretKeyOf(world, key.id) };
}

function deleteKey(scene: Scene): TencentMade {
  const user = userOf(scene);
  const key = keyOf(scene, user);
  user.keys = user.keys.filter((kept) => kept !== key);
  scene.world.keyOwners.delete(key.id);
  record(scene, user, 'key.deleted', { key_id: key.id });
  return { uin: user.uin, key_id: key.id };
}

function switchKey(active: boolean) {
  return (scene: Scene): TencentMade => {
    const user = userOf(scene);
    const key = keyOf(scene, user);
    key.active = active;
    record(scene, user, active ? 'key.activated' : 'key.deactivated', { key_id: key.id });
    return { uin: user.uin, key_id: key.id };
  };
}

function useKey(scene: Scene): TencentMade {
  const user = userOf(scene);
  const key = keyOf(scene, user);
  key.lastUsedAt = scene.at;
  record(scene, user, 'key.used', { key_id: key.id });
  return { uin: user.uin, key_id: key.id };
}

function switchConsole(isOn: boolean) {
  return (scene: Scene): TencentMade => {
    const user = userOf(scene);
    user.console = isOn;
    record(scene, user, isOn ? 'console.enabled' : 'console.disabled');
    return { uin: user.uin };
  };
}

function useConsole(scene: Scene): TencentMade {
  const user = userOf(scene);
  user.lastLoginAt = scene.at;
  record(scene, user, 'console.used');
  return { uin: user.uin };
}

function protectLogin(scene: Scene): TencentMade {
  const user = userOf(scene);
  user.loginFlags = flagsOf(scene);
  record(scene, user, 'login.protected', { details: { flags: user.loginFlags } });
  return { uin: user.uin };
}

function protectActions(scene: Scene): TencentMade {
  const user = userOf(scene);
  user.actionFlags = flagsOf(scene);
  record(scene, user, 'actions.protected', { details: { flags: user.actionFlags } });
  return { uin: user.uin };
}

/** No change of the world, only of what is answered; without a code it is mended. */
function breakUser(scene: Scene): TencentMade {
  const user = userOf(scene);
  const { action, code } = scene.mutation;
  if (action === undefined) throw refused(scene, 'say which action');
  if (code === undefined) user.broken.delete(action);
  else user.broken.set(action, code);
  return { uin: user.uin };
}

function flagsOf({ mutation }: Scene): readonly string[] {
  return (mutation.flags ?? '').split(',').filter((name) => name !== '');
}

function userOf(scene: Scene): TencentUser {
  const user = findUser(scene.account, scene.mutation.user);
  if (user === undefined) throw refused(scene, 'there is no such user');
  return user;
}

/** The one that `key_id` names, or the newest. */
function keyOf(scene: Scene, user: TencentUser): SecretKey {
  const { key_id: wanted } = scene.mutation;
  const key = wanted === undefined ? user.keys.at(-1) : user.keys.find(({ id }) => id === wanted);
  if (key === undefined) throw refused(scene, 'there is no such key');
  return key;
}

function refused({ mutation }: Scene, why: string): Fault {
  return new Fault('misconfigured', `${mutation.account} ${mutation.do} ${mutation.user}: ${why}`);
}

function record(
  { world, account, at }: Scene,
  user: TencentUser,
  action: string,
  recorded: { readonly key_id?: string; readonly details?: Readonly<Record<string, unknown>> } = {},
): void {
  world.history.add(at, { account: account.id, action, user: user.name, user_id: String(user.uin), ...recorded });
}
