import type { Random } from '../random.ts';
import type { Identity, SimulatedAccount } from './model.ts';
import { mutate } from './mutations/mutate.ts';
import type { Made, Mutation } from './mutations/scene.ts';
import { USED_REGIONS, USED_SERVICES } from './seed-account.ts';
import type { World } from './world.ts';

/** What could happen to this user next, each as often as it is listed. */
const HABITS: readonly { readonly weight: number; readonly next: (user: Identity, random: Random) => Wish }[] = [
  { weight: 6, next: useKey },
  { weight: 3, next: (user) => when(user.password !== undefined, 'use_password') },
  { weight: 3, next: rotate },
  { weight: 2, next: (user) => when(user.accessKeys.length < 2, 'create_key') },
  { weight: 2, next: (user) => when(user.accessKeys.length > 1, 'delete_key', user.accessKeys[0]?.id) },
  { weight: 2, next: toggleKey },
  { weight: 2, next: (user) => when(user.password !== undefined, user.mfa ? 'disable_mfa' : 'enable_mfa') },
  { weight: 1, next: (user) => when(user.password !== undefined, 'change_password') },
  { weight: 1, next: (user) => when(user.path === '/', user.password ? 'disable_console' : 'enable_console') },
  { weight: 1, next: (user) => when(user.accessKeys.length === 0, 'delete_user') },
];

type Wish = Omit<Mutation, 'account' | 'user'> | undefined;

export interface Stepped extends Made {
  readonly mutation: Mutation;
}

/** One believable thing happens somewhere: people and keys come and go. The hub is left alone, and whoever is spared. */
export function step(world: World, random: Random, spared?: string): Stepped {
  const account = random.pick([...world.accounts.values()].filter((candidate) => candidate.id !== world.hubAccountId));
  const mutation = nextMutation(account, random, spared);
  return { mutation, ...mutate(world, mutation) };
}

function nextMutation(account: SimulatedAccount, random: Random, spared: string | undefined): Mutation {
  const users = [...account.users.values()].filter(({ name }) => name !== spared);
  for (let tries = 0; tries < 20 && users.length > 0 && !random.chance(0.08); tries += 1) {
    const user = random.pick(users);
    const wish = weighted(random)(user, random);
    if (wish !== undefined) return { account: account.id, user: user.name, ...wish };
  }
  return { account: account.id, do: 'create_user', user: `new.hire-${random.text('abcdefghjkmnpqrstuvwxyz', 6)}` };
}

function weighted(random: Random): (user: Identity, random: Random) => Wish {
  return random.pick(HABITS.flatMap(({ weight, next }) => Array.from({ length: weight }, () => next)));
}

function when(isPossible: boolean, action: string, keyId?: string): Wish {
  if (!isPossible) return undefined;
  return keyId === undefined ? { do: action } : { do: action, key_id: keyId };
}

function useKey(user: Identity, random: Random): Wish {
  const active = user.accessKeys.filter((key) => key.active);
  if (active.length === 0) return undefined;
  const [service, region] = [random.pick(USED_SERVICES), random.pick(USED_REGIONS)];
  return { do: 'use_key', key_id: random.pick(active).id, service, region };
}

function rotate(user: Identity, random: Random): Wish {
  if (user.accessKeys.length === 0) return undefined;
  return { do: 'rotate_key', key_id: random.pick(user.accessKeys).id };
}

function toggleKey(user: Identity, random: Random): Wish {
  if (user.accessKeys.length === 0) return undefined;
  const key = random.pick(user.accessKeys);
  return { do: key.active ? 'deactivate_key' : 'activate_key', key_id: key.id };
}
