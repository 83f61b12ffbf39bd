import { identityOf, type Made, record, refused, type Scene } from './scene.ts';

const COLLAPSE_MS = 5 * 60_000;

export function enableConsole(scene: Scene): Made {
  const identity = identityOf(scene);
  if (identity.password !== undefined) throw refused(scene, 'there is a password');
  identity.password = { createdAt: scene.at, changedAt: scene.at };
  record(scene, identity, 'password.created');
  return { user_id: identity.id };
}

export function disableConsole(scene: Scene): Made {
  const identity = identityOf(scene);
  if (identity.password === undefined) throw refused(scene, 'there is no password');
  identity.password = undefined;
  record(scene, identity, 'password.deleted');
  return { user_id: identity.id };
}

export function changePassword(scene: Scene): Made {
  const identity = identityOf(scene);
  if (identity.password === undefined) throw refused(scene, 'there is no password');
  identity.password.changedAt = scene.at;
  record(scene, identity, 'password.changed');
  return { user_id: identity.id };
}

/** AWS notes the first use in five minutes only; the history says whether this one shows. */
export function usePassword(scene: Scene): Made {
  const identity = identityOf(scene);
  if (identity.password === undefined) throw refused(scene, 'there is no password');
  const last = identity.passwordLastUsedAt;
  const shows = last === undefined || scene.at - last >= COLLAPSE_MS;
  if (shows) identity.passwordLastUsedAt = scene.at;
  record(scene, identity, 'password.used', { details: { shows } });
  return { user_id: identity.id };
}

export function enableMfa(scene: Scene): Made {
  return switchMfa(scene, true);
}

export function disableMfa(scene: Scene): Made {
  return switchMfa(scene, false);
}

function switchMfa(scene: Scene, on: boolean): Made {
  const identity = identityOf(scene);
  if (identity.mfa === on) throw refused(scene, `MFA is ${on ? 'on' : 'off'} already`);
  identity.mfa = on;
  record(scene, identity, on ? 'mfa.enabled' : 'mfa.disabled');
  return { user_id: identity.id };
}
