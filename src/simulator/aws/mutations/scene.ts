import { Fault } from '../../../domain/fault.ts';
import type { Instant } from '../../../domain/instant.ts';
import { type Identity, ROOT_NAME, type SimulatedAccount } from '../model.ts';
import { findUser, type World } from '../world.ts';

/** One change of one account, as the control plane's JSON says it. */
export interface Mutation {
  readonly account: string;
  readonly do: string;
  readonly user?: string;
  /** Which key, certificate or credential; the newest of the user when absent. For `create_key`: the id to give it. */
  readonly key_id?: string;
  readonly path?: string;
  /** The new name, of rename_user. */
  readonly to?: string;
  readonly service?: string;
  readonly region?: string;
  readonly expires_at?: string;
  readonly status?: string;
  readonly form?: string;
  readonly tag?: string;
  readonly value?: string;
  readonly extra_column?: boolean;
  /** Of use_key: the call itself was noted already. */
  readonly isNoted?: true;
}

/** What a mutation made, for the answer. The secret is a random fake. */
export interface Made {
  readonly user_id?: string;
  readonly key_id?: string;
  readonly secret_access_key?: string;
}

export interface Scene {
  readonly world: World;
  readonly account: SimulatedAccount;
  readonly at: Instant;
  readonly mutation: Mutation;
}

export type Change = (scene: Scene) => Made;

export function refused(scene: Scene, why: string): Fault {
  const { account, do: action, user } = scene.mutation;
  return new Fault('misconfigured', `${account} ${action} ${user ?? ''}: ${why}`);
}

export function requestedName(scene: Scene): string {
  const { user } = scene.mutation;
  if (user === undefined || user === '') throw refused(scene, 'say which user');
  return user;
}

/** The user, or the root for `<root_account>`. */
export function identityOf(scene: Scene): Identity {
  const name = requestedName(scene);
  if (name === ROOT_NAME) return scene.account.root;
  const user = findUser(scene.account, name);
  if (user === undefined) throw refused(scene, 'there is no such user');
  return user;
}

/** The one that `key_id` names, or the newest. */
export function chosen<T extends { readonly id: string }>(scene: Scene, owned: readonly T[]): T {
  const { key_id: wanted } = scene.mutation;
  const found = wanted === undefined ? owned.at(-1) : owned.find((candidate) => candidate.id === wanted);
  if (found === undefined) throw refused(scene, `there is no ${wanted ?? 'such thing'}`);
  return found;
}

export interface Recorded {
  readonly key_id?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export function record(scene: Scene, identity: Identity, action: string, recorded: Recorded = {}): void {
  scene.world.history.add(scene.at, {
    account: scene.account.id,
    action: identity.kind === 'root' ? `root.${action}` : action,
    user: identity.name,
    user_id: identity.id,
    ...recorded,
  });
}
