import { parseInstant } from '../../../domain/instant.ts';
import { newId } from '../world.ts';
import { chosen, identityOf, type Made, record, refused, type Scene } from './scene.ts';

export function createCertificate(scene: Scene): Made {
  const { world, account, at, mutation } = scene;
  const identity = identityOf(scene);
  if (identity.certificates.length >= (account.extraColumn ? 4 : 2)) throw refused(scene, 'the user has two');
  const id = mutation.key_id ?? newId(world.random, 'ACCA');
  identity.certificates.push({ id, active: mutation.status !== 'Inactive', createdAt: at });
  record(scene, identity, 'cert.created', { key_id: id });
  return { user_id: identity.id, key_id: id };
}

export function deleteCertificate(scene: Scene): Made {
  const identity = identityOf(scene);
  const certificate = chosen(scene, identity.certificates);
  identity.certificates = identity.certificates.filter((kept) => kept !== certificate);
  record(scene, identity, 'cert.deleted', { key_id: certificate.id });
  return { user_id: identity.id, key_id: certificate.id };
}

export function switchCertificate(active: boolean): (scene: Scene) => Made {
  return (scene) => {
    const identity = identityOf(scene);
    const certificate = chosen(scene, identity.certificates);
    certificate.active = active;
    record(scene, identity, active ? 'cert.activated' : 'cert.deactivated', { key_id: certificate.id });
    return { user_id: identity.id, key_id: certificate.id };
  };
}

export function createServiceCredential(scene: Scene): Made {
  const { world, account, at, mutation } = scene;
  const identity = identityOf(scene);
  const service = mutation.service ?? 'codecommit.amazonaws.com';
  const expiresAt = mutation.expires_at === undefined ? undefined : parseInstant(mutation.expires_at);
  const id = mutation.key_id ?? newId(world.random, 'ACCA');
  const userName = `${identity.name}-at-${account.id}`;
  identity.serviceCredentials.push({ id, service, userName, active: true, createdAt: at, expiresAt });
  record(scene, identity, 'service_credential.created', {
    key_id: id,
    details: { service, ...(mutation.expires_at === undefined ? {} : { expires_at: mutation.expires_at }) },
  });
  return { user_id: identity.id, key_id: id };
}

export function deleteServiceCredential(scene: Scene): Made {
  const identity = identityOf(scene);
  const credential = chosen(scene, identity.serviceCredentials);
  identity.serviceCredentials = identity.serviceCredentials.filter((kept) => kept !== credential);
  record(scene, identity, 'service_credential.deleted', { key_id: credential.id });
  return { user_id: identity.id, key_id: credential.id };
}

export function switchServiceCredential(active: boolean): (scene: Scene) => Made {
  return (scene) => {
    const identity = identityOf(scene);
    const credential = chosen(scene, identity.serviceCredentials);
    credential.active = active;
    const action = active ? 'service_credential.activated' : 'service_credential.deactivated';
    record(scene, identity, action, { key_id: credential.id });
    return { user_id: identity.id, key_id: credential.id };
  };
}
