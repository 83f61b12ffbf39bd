import { note } from '../trail-events.ts';
import { newId, secretOf } from '../world.ts';
import { chosen, identityOf, type Made, record, refused, type Scene } from './scene.ts';

const COLLAPSE_MS = 15 * 60_000;
/** Services that AWS reports without a region. */
const REGIONLESS = new Set(['s3']);

export function createKey(scene: Scene): Made {
  const { world, account, at, mutation } = scene;
  const identity = identityOf(scene);
  // Only an account that writes the 23rd column has something to say about a third key.
  if (identity.accessKeys.length >= (account.extraColumn ? 4 : 2)) throw refused(scene, 'the user has two keys');
  const id = mutation.key_id ?? newId(world.random, 'AKIA');
  if (world.keyOwners.has(id)) throw refused(scene, `${id} exists`);
  const key = { id, active: mutation.status !== 'Inactive', createdAt: at, lastUsed: undefined };
  identity.accessKeys.push(key);
  world.keyOwners.set(id, { account, identity, key });
  record(scene, identity, 'key.created', { key_id: id, details: { status: key.active ? 'Active' : 'Inactive' } });
  return { user_id: identity.id, key_id: id, secret_access_key: secretOf(world, id) };
}

export function deleteKey(scene: Scene): Made {
  const identity = identityOf(scene);
  const key = chosen(scene, identity.accessKeys);
  identity.accessKeys = identity.accessKeys.filter((kept) => kept !== key);
  scene.world.keyOwners.delete(key.id);
  record(scene, identity, 'key.deleted', { key_id: key.id });
  return { user_id: identity.id, key_id: key.id };
}

/** Made first, then the old one deleted, as people do; a user with two keys loses the old one first. */
export function rotateKey(scene: Scene): Made {
  const identity = identityOf(scene);
  const old = chosen(scene, identity.accessKeys);
  const forOld = { ...scene, mutation: { ...scene.mutation, key_id: old.id } };
  const { key_id: _, ...withoutKey } = scene.mutation;
  const forNew = { ...scene, mutation: withoutKey };
  if (identity.accessKeys.length >= 2) {
    deleteKey(forOld);
    return createKey(forNew);
  }
  const made = createKey(forNew);
  deleteKey(forOld);
  return made;
}

export function activateKey(scene: Scene): Made {
  return switchKey(scene, true);
}

export function deactivateKey(scene: Scene): Made {
  return switchKey(scene, false);
}

function switchKey(scene: Scene, active: boolean): Made {
  const identity = identityOf(scene);
  const key = chosen(scene, identity.accessKeys);
  if (key.active === active) throw refused(scene, `the key is ${active ? 'active' : 'inactive'} already`);
  key.active = active;
  record(scene, identity, active ? 'key.activated' : 'key.deactivated', { key_id: key.id });
  return { user_id: identity.id, key_id: key.id };
}

/** AWS notes the first use in fifteen minutes only; the history says whether this one shows. */
export function useKey(scene: Scene): Made {
  const identity = identityOf(scene);
  const key = chosen(scene, identity.accessKeys);
  if (!key.active) throw refused(scene, 'the key is inactive');
  const service = scene.mutation.service ?? 'sts';
  const region = REGIONLESS.has(service) ? 'N/A' : (scene.mutation.region ?? 'us-east-1');
  const shows = key.lastUsed === undefined || scene.at - key.lastUsed.at >= COLLAPSE_MS;
  if (shows) key.lastUsed = { at: scene.at, service, region };
  if (scene.mutation.isNoted !== true) noteCall(scene, key.id, service);
  record(scene, identity, 'key.used', { key_id: key.id, details: { service, region, shows } });
  return { user_id: identity.id, key_id: key.id };
}

/** CloudTrail sees it too. */
function noteCall({ world, account, at, mutation }: Scene, keyId: string, service: string): void {
  const { user, region = 'us-east-1' } = mutation;
  const event = { service, event: service === 's3' ? 'ListBuckets' : 'DescribeThings', region, at };
  note(world, account, { ...event, ...(user === undefined ? {} : { user }), key_id: keyId });
}
