import { ROOT_NAME } from '../model.ts';
import { findUser, identityArn, newId, newIdentity } from '../world.ts';
import { disableConsole, disableMfa } from './console-changes.ts';
import { deleteCertificate, deleteServiceCredential } from './credential-changes.ts';
import { deleteKey } from './key-changes.ts';
import { identityOf, type Made, record, refused, requestedName, type Scene } from './scene.ts';

export function createUser(scene: Scene): Made {
  const { world, account, at, mutation } = scene;
  const name = requestedName(scene);
  if (findUser(account, name) !== undefined || name === ROOT_NAME) throw refused(scene, 'the user exists');
  const path = mutation.path ?? '/';
  const user = newIdentity({ kind: 'user', name, path, id: newId(world.random, 'AIDA'), createdAt: at });
  account.users.set(name.toLowerCase(), user);
  record(scene, user, 'user.created', { details: { path, arn: identityArn(world, account, user) } });
  return { user_id: user.id };
}

/** Everything that the user had goes first, each with its own entry in the history. */
export function deleteUser(scene: Scene): Made {
  const user = identityOf(scene);
  if (user.kind === 'root') throw refused(scene, 'the root cannot be deleted');
  const each = (owned: readonly { readonly id: string }[], change: (scene: Scene) => Made) => {
    // A change puts a new list in place of the old one, so this one may be walked.
    for (const { id } of owned) change({ ...scene, mutation: { ...scene.mutation, key_id: id } });
  };
  each(user.accessKeys, deleteKey);
  each(user.certificates, deleteCertificate);
  each(user.serviceCredentials, deleteServiceCredential);
  if (user.password !== undefined) disableConsole(scene);
  if (user.mfa) disableMfa(scene);
  scene.account.users.delete(user.name.toLowerCase());
  record(scene, user, 'user.deleted');
  return { user_id: user.id };
}

/** Tags stand in no report, and the history is of what a report tells: it has no entry. */
export function tagUser(scene: Scene): Made {
  const user = identityOf(scene);
  const { tag, value } = scene.mutation;
  if (user.kind === 'root' || tag === undefined || tag === '') throw refused(scene, 'say `tag`, and not for the root');
  if (value === undefined) user.tags.delete(tag);
  else user.tags.set(tag, value);
  return { user_id: user.id };
}

export function renameUser(scene: Scene): Made {
  const { account, mutation } = scene;
  const user = identityOf(scene);
  const { to } = mutation;
  if (user.kind === 'root' || to === undefined || to === '') throw refused(scene, 'say `to`, and not for the root');
  const taken = findUser(account, to);
  if (taken !== undefined && taken !== user) throw refused(scene, `${to} exists`);
  const from = user.name;
  account.users.delete(from.toLowerCase());
  user.name = to;
  account.users.set(to.toLowerCase(), user);
  record(scene, user, 'user.renamed', { details: { from, to } });
  return { user_id: user.id };
}
